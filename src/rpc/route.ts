import type { HttpRequest, HttpResponse } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';
import { operations } from '../services/kinesis/operations.ts';
import { unknownOperation } from '../services/kinesis/unserved.ts';
import { cbor } from '../wire/cbor/cbor.ts';
import { rpcCbor, rpcProtocol } from '../wire/cbor/rpc-cbor.ts';
import type { Codec } from '../wire/codec.ts';
import { json } from '../wire/json/json.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { Operation } from './operation.ts';

/**
 * What a request is, before anybody is asked who sent it: a call of an operation, or something to answer at
 * once.
 */
export type Route =
  | { readonly kind: 'call'; readonly operation: Operation; readonly codec: Codec }
  | { readonly kind: 'answer'; readonly response: HttpResponse };

/**
 * The checks of AWS's front end that come before the signature, in the order in which AWS was seen to make
 * them: method, content type, body, target. Headers are read as they come; who may send them is checked
 * afterwards.
 */
export function route(request: HttpRequest, headers: HeaderFields): Route {
  if (request.method !== 'POST') return accessDenied;
  if (headers.get('smithy-protocol') === rpcProtocol) return examineRpc(request, headers);
  const contentType = contentTypeOf(headers);
  const [service, operationName] = (headers.get('x-amz-target') ?? '').split('.', 2);
  const name = (service === targetService && operationName) || '';
  const operation = operations.get(name);
  if (request.body.length === 0) {
    const error = operation === undefined ? unknownOperation(name) : malformed;
    return refuse(contentType === json.contentType ? json : cbor, error);
  }
  const codec = codecs.get(contentType);
  if (codec === undefined) return service && operationName ? unknownXml : accessDenied;
  if (contentType === 'application/json') return plainJson(seemsWellFormed(request.body, codec));
  if (operation !== undefined) return { kind: 'call', operation, codec };
  return refuse(codec, seemsWellFormed(request.body, codec) ? unknownOperation(name) : malformed);
}

/**
 * Whether a body that nobody has signed is well-formed. Nobody unknown gets to have a large one read: it
 * counts as such.
 */
export function seemsWellFormed(body: Buffer, codec: Codec): boolean {
  return body.length > unknownBodyMax || codec.wellFormed(body);
}

/** More than what clients send by mistake. */
const unknownBodyMax = 64 * 1024;

/**
 * The same for the protocol of Smithy's that has the operation in the path (smithy.io, "Smithy RPC v2 CBOR
 * protocol").
 */
function examineRpc(request: HttpRequest, headers: HeaderFields): Route {
  const path = request.target.split('?', 1)[0]!;
  const name = rpcPath.exec(path)?.[1] ?? '';
  const operation = operations.get(name);
  // The specification has servers refuse a request that names an operation in both ways.
  const isNamedTwice = ['x-amz-target', 'x-amzn-target'].some((header) => headers.get(header) !== undefined);
  if (isNamedTwice) return refuse(rpcCbor, unknownOperation(''));
  if (operation === undefined) return refuse(rpcCbor, unknownOperation(name));
  if (request.body.length > 0 && contentTypeOf(headers) !== rpcCbor.contentType) {
    return refuse(rpcCbor, malformed);
  }
  if (operation.output?.kind === 'event-stream') {
    // Its events are made once for all subscribers, in JSON.
    const text = `${operation.name} is not available over ${rpcProtocol}; call it in JSON.`;
    return refuse(rpcCbor, new ServiceError('InvalidArgumentException', text));
  }
  return { kind: 'call', operation, codec: rpcCbor };
}

/** The last four segments count. The service may come with its namespace, the operation may not. */
const rpcPath = /\/service\/(?:com\.amazonaws\.kinesis\.)?Kinesis_20131202\/operation\/(\w+)$/;

/** Without parameters, and in small letters: their case does not matter (RFC 9110 §8.3.1). */
function contentTypeOf(headers: HeaderFields): string {
  const value = headers.get('content-type') ?? '';
  return codecs.has(value) ? value : value.split(';', 1)[0]!.trim().toLowerCase();
}

const targetService = 'Kinesis_20131202';

const codecs: ReadonlyMap<string, Codec> = new Map([
  [json.contentType, json],
  [cbor.contentType, cbor],
  ['application/json', json],
]);

const malformed = new ServiceError('SerializationException');

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

/**
 * An `application/json` body never reaches an operation: AWS answers it in the manner of another protocol.
 */
function plainJson(wellFormed: boolean): Route {
  const type = wellFormed ? 'UnknownOperationException' : 'SerializationException';
  const body = JSON.stringify({ Output: { __type: `com.amazon.coral.service#${type}` }, Version: '1.0' });
  return answer(wellFormed ? 404 : 400, body, {
    'x-amzn-ErrorType': type,
    'Content-Type': 'application/json',
  });
}

function refuse(codec: Codec, error: ServiceError): Route {
  return { kind: 'answer', response: errorAnswer(codec, error) };
}

/** An error in the encoding of the request that it answers. */
export function errorAnswer(codec: Codec, error: ServiceError): HttpResponse {
  return { status: error.status, headers: codec.errorHeaders(error), body: codec.encodeError(error) };
}

function answer(status: number, body: string, headers: HttpResponse['headers']): Route {
  return { kind: 'answer', response: { status, headers, body } };
}
