import type { Millis } from '../env/clock.ts';
import { discard } from '../env/discard.ts';
import type { Handler, HttpRequest, HttpResponse } from '../env/network.ts';
import { type Random, uuid } from '../env/random.ts';
import { HeaderFields } from '../http/headers.ts';
import type { Service } from '../services/kinesis/service.ts';
import type { Codec } from '../wire/codec.ts';
import { json } from '../wire/json/json.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { StructureShape } from '../wire/shape.ts';
import { validate } from '../wire/validate.ts';
import { authorize } from './authorize.ts';
import { corsHeaders, preflight, strangePage } from './cors.ts';
import { type LargeBodies, type LargeInput, largeBytes, readInTurns } from './large-body.ts';
import type { Caller, Operation } from './operation.ts';
import { refusalOf } from './refusal.ts';
import { errorAnswer, route, seemsWellFormed } from './route.ts';
import { troubleOf } from './trouble.ts';

/**
 * Says who signed a request with these headers; throws the `ServiceError` that AWS would answer. `sha256` is
 * the body's hash in hex, where it is known already.
 */
export type Authenticate = (
  request: HttpRequest,
  headers: HeaderFields,
  now: Millis,
  sha256?: string,
) => Caller;

/** Answers a call elsewhere, once its signature was verified; undefined for one that is answered here. */
export type Forward = (
  operation: Operation,
  request: HttpRequest,
  caller: Caller,
) => Promise<HttpResponse> | undefined;

/**
 * Request in, answer out, no sockets. A request is checked once, here: signature, form, types, constraints,
 * permission. Past that, types are true.
 */
export function createDispatch(
  service: Service,
  authenticate: Authenticate,
  random: Random,
  forward: Forward = () => undefined,
  bodies: LargeBodies = readInTurns(service.clock),
): Handler {
  const world = { service, authenticate, forward, bodies };
  return async (request) => {
    const headers = new HeaderFields(request.rawHeaders);
    const strange = strangePage(headers, service.browsers);
    const asked = strange === undefined ? preflight(request, headers, service.browsers) : undefined;
    if (asked !== undefined)
      return { ...asked, headers: { 'x-amzn-RequestId': uuid(random), ...asked.headers } };
    const answered =
      strange === undefined ? await answer(world, request, headers) : errorAnswer(json, strange);
    const { status, headers: own, body } = answered;
    const ids = { 'x-amzn-RequestId': uuid(random), 'x-amz-id-2': random.bytes(72).toString('base64') };
    return { status, headers: { ...ids, ...own, ...corsHeaders(headers, service.browsers) }, body };
  };
}

type World = {
  readonly service: Service;
  readonly authenticate: Authenticate;
  readonly forward: Forward;
  readonly bodies: LargeBodies;
};

async function answer(world: World, request: HttpRequest, headers: HeaderFields): Promise<HttpResponse> {
  const front = route(request, headers);
  if (front.kind === 'answer') return front.response;
  const { operation, codec } = front;
  if (request.body.length > largeBytes) return await answerLarge(world, operation, codec, request, headers);
  const { service, authenticate, forward } = world;
  try {
    const caller = identify(service, operation, codec, request, headers, authenticate);
    const forwarded = forward(operation, request, caller);
    if (forwarded !== undefined) return await forwarded;
    const permit = (input: object) => permitted(service, operation, input, caller);
    const direct = operation.fastPath?.get(codec)?.(service, request.body, caller, permit);
    if (direct !== undefined) return { status: 200, headers: codec.headers.value, body: await direct };
    const input = codec.decode<StructureShape>(request.body, operation.input);
    validate(input, operation.input);
    permit(input);
    return success(operation, codec, await operation.handle(service, input, caller, codec));
  } catch (error) {
    return failure(service, operation, codec, error);
  }
}

/** To hash and to read a large body would each hold all others up: that is for `bodies`. */
async function answerLarge(
  { service, authenticate, forward, bodies }: World,
  operation: Operation,
  codec: Codec,
  request: HttpRequest,
  headers: HeaderFields,
): Promise<HttpResponse> {
  let body: Buffer | undefined;
  let read: LargeInput | undefined;
  try {
    const hashed = await bodies.hash(request.body);
    body = hashed.body;
    const own = { ...request, body };
    const signed: Authenticate = (own, headers, now) => authenticate(own, headers, now, hashed.sha256);
    const caller = identify(service, operation, codec, own, headers, signed);
    const forwarded = forward(operation, own, caller);
    if (forwarded !== undefined) return await forwarded;
    read = await bodies.read(body, operation, codec);
    permitted(service, operation, read.input, caller);
    return success(operation, codec, await operation.handle(service, read.input, caller, codec));
  } catch (error) {
    return failure(service, operation, codec, error);
  } finally {
    if (body !== undefined) discard(body);
    for (const memory of read?.memory ?? []) memory.transfer(0);
  }
}

function permitted(service: Service, operation: Operation, input: object, caller: Caller): void {
  authorize(operation, input, caller);
  if (service.limited) service.rates.count(operation, input, caller);
}

/**
 * The signature comes before the parser: nobody unknown gets to use it. AWS looks at the body's form first,
 * and so names that error when both are wrong; for small bodies we do so too.
 */
function identify(
  { clock, logger }: Service,
  operation: Operation,
  codec: Codec,
  request: HttpRequest,
  headers: HeaderFields,
  authenticate: Authenticate,
): Caller {
  try {
    return authenticate(request, headers, clock.now());
  } catch (error) {
    if (error instanceof ServiceError) {
      logger.debug('a request was refused', refusalOf(operation.name, request, headers, error));
    }
    if (!seemsWellFormed(request.body, codec)) throw new ServiceError('SerializationException');
    throw error;
  }
}

function success(operation: Operation, codec: Codec, output: unknown): HttpResponse {
  if (operation.output?.kind === 'event-stream') {
    const body = output as AsyncIterable<Uint8Array>;
    return { status: 200, headers: codec.headers.events, body };
  }
  if (operation.output === undefined) return { status: 200, headers: codec.headers.nothing, body: '' };
  const pieces = codec.encodePieces(output as never, operation.output);
  return { status: 200, headers: codec.headers.value, body: pieces.length === 1 ? pieces[0]! : pieces };
}

function failure({ logger }: Service, operation: Operation, codec: Codec, error: unknown): HttpResponse {
  let known = error;
  if (!(known instanceof ServiceError)) {
    logger.error('an operation failed', { operation: operation.name, error });
    known = new ServiceError('InternalFailure', troubleOf(error));
  }
  return errorAnswer(codec, known as ServiceError);
}
