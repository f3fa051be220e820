import type { HttpRequest, HttpResponse } from '../../env/network.ts';
import { type HeaderFields, pathOf, type QueryParameter, queryOf } from '../../http/headers.ts';
import type { AnswerShape, Called, CalledOperation, Protocol } from '../protocol.ts';
import { ServiceError } from '../service-error.ts';
import type { StructureShape, TypeOf } from '../shape.ts';
import { formOf, formParameters } from './form.ts';
import { formValue } from './form-value.ts';
import { queryCodec } from './query-codec.ts';
import { element, xmlOf, xmlText } from './xml.ts';

/** What is specific to a service that speaks Query. */
type QueryService = {
  /** The service in signatures' scopes: `sts`. */
  readonly scope: string;
  /** The version of its API: `2011-06-15`. */
  readonly version: string;
  /** The namespace of its XML. */
  readonly namespace: string;
  /** AWS's operations that are not served yet. */
  readonly unserved: ReadonlySet<string>;
  /** What errors of the service's own are called in Query, where that is not their name. */
  readonly errorCodes?: QueryErrorCodes;
};

/** The codes of errors by their types (smithy.io, "awsQueryError trait"). */
export type QueryErrorCodes = Readonly<Record<string, string>>;

/**
 * The protocol of AWS's older services (smithy.io, "AWS query protocol"): a form names the `Action`, and the
 * answer is XML. A form is the body of a POST or the query of a GET. The scope of its signature names the
 * service, or the `Version` does.
 */
export function queryProtocol(service: QueryService): Protocol {
  return {
    name: 'awsQuery',
    codec: queryCodec,
    isSpokenIn: isForm,
    callOf: (request, headers) => callOf(service, request, headers),
    misformOf: (request, _, operation) => misformOf(service, request, operation),
    decode,
    answer: (value, { name, output }, requestId) => answer(service, name, output, value, requestId),
    written: (body) => ({ status: 200, headers: xmlType, body }),
    refuse: (error, requestId) => refuse(service, error, requestId),
  };
}

const xmlType = { 'Content-Type': 'text/xml' };

function isForm(request: HttpRequest, headers: HeaderFields): boolean {
  if (pathOf(request.target) !== '/') return false;
  if (request.method === 'POST') return headers.mediaType === queryCodec.contentType;
  return request.method === 'GET' && parameterIn(request, 'Action') !== undefined;
}

function callOf(
  { scope, version }: QueryService,
  request: HttpRequest,
  headers: HeaderFields,
): Called | undefined {
  const isOurs = scopeOf(request, headers) === scope || parameterIn(request, 'Version') === version;
  if (!isOurs) return undefined;
  const operation = parameterIn(request, 'Action') ?? '';
  return request.method === 'GET'
    ? { operation, outside: Object.fromEntries(queryOf(request.target)) }
    : { operation };
}

/** The service that a request claims to be signed for, not verified yet. */
function scopeOf({ target }: HttpRequest, headers: HeaderFields): string | undefined {
  const claimed = scopeForm.exec(headers.get('authorization') ?? '') ?? queryScopeForm.exec(target);
  return claimed?.[1];
}

/** `Credential=KEY/DATE/REGION/SERVICE/…` */
const scopeForm = /\bCredential=[^/,\s]{1,200}\/\d{8}\/[\w-]{1,50}\/([\w-]{1,50})\//;
const queryScopeForm =
  /[?&]X-Amz-Credential=[^&]{1,300}?(?:\/|%2F)\d{8}(?:\/|%2F)[\w-]{1,50}(?:\/|%2F)([\w-]{1,50})(?:\/|%2F)/i;

/**
 * The text of the first parameter of a name, if it is written without escapes. The rest of the form is not
 * looked at: it may be large, and its signature is not verified yet.
 */
function parameterIn({ method, target, body }: HttpRequest, name: string): string | undefined {
  const form = method === 'GET' ? Buffer.from(target.replace('?', '&'), 'latin1') : body;
  const isFirst = form.subarray(0, name.length + 1).toString('latin1') === `${name}=`;
  const mark = isFirst ? 0 : form.indexOf(`&${name}=`) + 1;
  if (mark === 0 && !isFirst) return undefined;
  const start = mark + name.length + 1;
  const text = form.toString('latin1', start, start + parameterBytesMax);
  return /^[\w.-]*/.exec(text)![0];
}

/** Longer than any name of an operation. */
const parameterBytesMax = 128;

function misformOf(
  { version, unserved }: QueryService,
  request: HttpRequest,
  operation: CalledOperation | undefined,
): ServiceError | undefined {
  if (request.body.length > formBytesMax) {
    return new ServiceError(
      'RequestEntityTooLarge',
      `The request is longer than ${formBytesMax} bytes.`,
      413,
    );
  }
  const action = parameterIn(request, 'Action');
  if (!action) return new ServiceError('MissingAction', 'Missing Action');
  const said = parameterIn(request, 'Version') ?? 'NO_VERSION_SPECIFIED';
  if (operation !== undefined && said === version) return undefined;
  const isUnserved = said === version && unserved.has(action);
  const text = isUnserved
    ? `${action} is not served yet.`
    : `Could not find operation ${action} for version ${said}`;
  return new ServiceError('InvalidAction', text);
}

/** CloudWatch's limit, the largest where Query is spoken (CloudWatch API reference, PutMetricData). */
const formBytesMax = 1024 * 1024;

function decode<S extends StructureShape>(body: Buffer, { outside }: Called, shape: S): TypeOf<S> {
  const parameters = outside === undefined ? formParameters(body) : Object.entries(outside).flatMap(eachText);
  return formValue(shape, formOf(parameters)) as TypeOf<S>;
}

function eachText([name, texts]: [string, string | readonly string[]]): QueryParameter[] {
  return typeof texts === 'string' ? [[name, texts]] : texts.map((text) => [name, text]);
}

function answer(
  { namespace }: QueryService,
  name: string,
  output: AnswerShape,
  value: unknown,
  requestId: string,
): HttpResponse {
  const result = output?.kind === 'structure' ? element(`${name}Result`, xmlOf(output, value)) : '';
  const metadata = element('ResponseMetadata', element('RequestId', xmlText(requestId)));
  return { status: 200, headers: xmlType, body: rootOf(namespace, `${name}Response`, result + metadata) };
}

function refuse(
  { namespace, errorCodes }: QueryService,
  error: ServiceError,
  requestId: string,
): HttpResponse {
  const { code, status, message } = queryErrorOf(error, errorCodes);
  const detail =
    element('Type', faultOf(status)) +
    element('Code', xmlText(code)) +
    element('Message', xmlText(message ?? error.message));
  const body = element('Error', detail) + element('RequestId', xmlText(requestId));
  return { status, headers: xmlType, body: rootOf(namespace, 'ErrorResponse', body) };
}

function rootOf(namespace: string, name: string, content: string): string {
  return element(name, content, ` xmlns="${xmlText(namespace)}"`);
}

type QueryError = { readonly code: string; readonly status: number; readonly message?: string };

/** What Query says in place of an error. */
export function queryErrorOf({ type, status }: ServiceError, codes: QueryErrorCodes = {}): QueryError {
  return queryErrors[type] ?? { code: Object.hasOwn(codes, type) ? codes[type]! : type, status };
}

/** Who is to blame for an error. */
export function faultOf(status: number): 'Sender' | 'Receiver' {
  return status < 500 ? 'Sender' : 'Receiver';
}

/** The names of the front end's errors in services that speak Query (STS API reference, "Common Errors"). */
const queryErrors: Readonly<Record<string, QueryError>> = {
  AccessDeniedException: { code: 'AccessDenied', status: 403 },
  ExpiredTokenException: { code: 'ExpiredToken', status: 403 },
  IncompleteSignatureException: { code: 'IncompleteSignature', status: 400 },
  InvalidSignatureException: { code: 'SignatureDoesNotMatch', status: 403 },
  MissingAuthenticationTokenException: {
    code: 'MissingAuthenticationToken',
    status: 403,
    message: 'Request is missing Authentication Token',
  },
  SerializationException: { code: 'MalformedInput', status: 400 },
  UnknownOperationException: { code: 'InvalidAction', status: 400 },
  UnrecognizedClientException: { code: 'InvalidClientTokenId', status: 403 },
  ValidationException: { code: 'ValidationError', status: 400 },
};
