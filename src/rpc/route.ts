import type { Caller } from '../access/caller.ts';
import type { Departure, HttpRequest, HttpResponse } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';
import { type Called, type Protocol, seemsWellFormed } from '../wire/protocol.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { Operation } from './operation.ts';
import { otherService } from './other-service.ts';
import type { Service } from './service.ts';

/** What a request is, before its signature is looked at: a call, or something to answer at once. */
type Route = Call | Later | { readonly kind: 'answer'; readonly response: HttpResponse };

/** What it is cannot be said before its service has loaded. */
type Later = { readonly kind: 'later'; readonly protocol: Protocol; readonly loaded: Promise<void> };

export type Call = {
  readonly kind: 'call';
  readonly service: Service;
  readonly protocol: Protocol;
  readonly operation: Operation;
  readonly called: Called;
  /** The request's, unverified. */
  readonly headers: HeaderFields;
  /** Absent in a call that another thread has taken. */
  readonly departure?: Departure | undefined;
  /**
   * Verifies it once more by what is known now, as at the time when it came; absent where it came from
   * another thread.
   */
  readonly identifyAgain?: (() => Caller) | undefined;
};

/**
 * Finds the operation that a request calls, in the first service with a protocol that accepts it. All other
 * requests are answered as AWS's front end answers them. Headers are read unverified.
 */
export function route(
  services: readonly Service[],
  request: HttpRequest,
  headers: HeaderFields,
  requestId: string,
): Route {
  for (const service of services) {
    for (const protocol of service.protocols) {
      const called = protocol.isSpokenIn(request, headers) ? protocol.callOf(request, headers) : undefined;
      if (called !== undefined) return callOf(service, protocol, called, request, headers, requestId);
    }
  }
  return unaddressed(services, request, headers, requestId);
}

function callOf(
  service: Service,
  protocol: Protocol,
  called: Called,
  request: HttpRequest,
  headers: HeaderFields,
  requestId: string,
): Route {
  const loaded = service.later?.();
  if (loaded !== undefined) return { kind: 'later', protocol, loaded };
  const operation = service.operations.get(called.operation);
  const error = protocol.misformOf(request, headers, operation);
  if (error !== undefined) return refuse(protocol, error, requestId);
  if (operation === undefined) return refuse(protocol, unknownOperation(service, called), requestId);
  const { departure } = request;
  return { kind: 'call', service, protocol, operation, called, headers, departure };
}

/** An operation that does not exist: without a message, as at AWS. One that AWS has gets a sentence. */
function unknownOperation({ unserved }: Service, { operation }: Called): ServiceError {
  return new ServiceError(
    'UnknownOperationException',
    unserved.has(operation) ? `${operation} is not served yet.` : '',
  );
}

/**
 * The answer to a request that calls none of the services, with the checks in the order in which AWS's front
 * end was seen to make them: method, content type, body, target. In a protocol of the first service, the
 * answer is in that protocol; and in one of any, where it is for a service of AWS's that is not here.
 */
function unaddressed(
  services: readonly Service[],
  request: HttpRequest,
  headers: HeaderFields,
  requestId: string,
): Route {
  const { method, body } = request;
  const meant = otherService(services, headers);
  if (method !== 'POST') return meant === '' ? accessDenied : unknownInXml(meant);
  const { protocols } = services[0]!;
  const spoken = meant === '' ? protocols : services.flatMap((service) => service.protocols);
  const protocol = spoken.find((candidate) => candidate.isSpokenIn(request, headers));
  if (protocol !== undefined) {
    const error = meant === '' ? protocol.misformOf(request, headers, undefined) : undefined;
    return refuse(protocol, error ?? new ServiceError('UnknownOperationException', meant), requestId);
  }
  if (body.length === 0) {
    const inEmpty = protocols.find(({ name }) => name === emptyProtocol) ?? protocols[0]!;
    return bodiless(services, inEmpty, request, headers, requestId);
  }
  if (headers.mediaType === 'application/json') {
    return plainJson(seemsWellFormed(body, protocols[0]!.codec));
  }
  const [target, operation] = (headers.get('x-amz-target') ?? '').split('.', 2);
  return target && operation ? unknownXml : accessDenied;
}

/** AWS's choice for a request with neither a known content type nor a body. */
const emptyProtocol = 'awsCbor';

/** A call that lacks its body; its content type is unknown. */
function bodiless(
  services: readonly Service[],
  protocol: Protocol,
  request: HttpRequest,
  headers: HeaderFields,
  requestId: string,
): Route {
  for (const service of services) {
    for (const candidate of service.protocols) {
      const called = candidate.callOf(request, headers);
      if (called === undefined) continue;
      const loaded = service.later?.();
      if (loaded !== undefined) return { kind: 'later', protocol, loaded };
      const isKnown = service.operations.has(called.operation);
      const error = isKnown ? new ServiceError('SerializationException') : unknownOperation(service, called);
      return refuse(protocol, error, requestId);
    }
  }
  return refuse(protocol, new ServiceError('UnknownOperationException'), requestId);
}

const accessDenied = answer(
  403,
  '<AccessDeniedException>\n' +
    '  <Message>Unable to determine service/operation name to be authorized</Message>\n' +
    '</AccessDeniedException>\n',
  { 'x-amzn-ErrorType': 'AccessDeniedException' },
);

const unknownXml = answer(404, '<UnknownOperationException/>\n', {
  'x-amzn-ErrorType': 'UnknownOperationException',
});

/** As S3 writes errors: what comes without POST is mostly for it. */
function unknownInXml(message: string): Route {
  const body = `<Error><Code>UnknownOperationException</Code><Message>${message}</Message></Error>\n`;
  return answer(404, body, { 'x-amzn-ErrorType': 'UnknownOperationException' });
}

/** AWS answers `application/json` in the manner of another protocol. */
function plainJson(wellFormed: boolean): Route {
  const type = wellFormed ? 'UnknownOperationException' : 'SerializationException';
  const body = JSON.stringify({ Output: { __type: `com.amazon.coral.service#${type}` }, Version: '1.0' });
  return answer(wellFormed ? 404 : 400, body, {
    'x-amzn-ErrorType': type,
    'Content-Type': 'application/json',
  });
}

function refuse(protocol: Protocol, error: ServiceError, requestId: string): Route {
  return { kind: 'answer', response: protocol.refuse(error, requestId) };
}

function answer(status: number, body: string, headers: HttpResponse['headers']): Route {
  return { kind: 'answer', response: { status, headers, body } };
}
