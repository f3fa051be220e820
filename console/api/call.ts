import { CallError } from './call-error.ts';
import { mayChange } from './config.ts';
import { queryForm } from './query-form.ts';
import { isReading } from './reading.ts';
import { send, sendSigned } from './send.ts';
import type { ServiceName } from './service-name.ts';
import type { Session } from './session.ts';
import { readXml } from './xml.ts';

export { CallError } from './call-error.ts';
export type { ServiceName } from './service-name.ts';

export type CallOptions = {
  readonly signal?: AbortSignal;
  /** Who signs it, where it is not who is signed in. */
  readonly as?: Session;
};

type Input = Readonly<Record<string, unknown>>;

/**
 * Calls an operation of a service that speaks JSON, signed by who is signed in. Rejects with `CallError`,
 * with the code `ReadOnly` where the console is read-only and the operation would change something, with
 * `Unreachable` where there is no answer, and with what `options.signal` was aborted with. Who is not signed
 * in any more is shown the sign-in page.
 */
export async function call<Answer>(
  service: JsonService,
  operation: string,
  input: Input,
  options: CallOptions = {},
): Promise<Answer> {
  requireMay(operation);
  const { scope, target, version } = jsonServices[service];
  const text = await sendSigned(scope, {
    ...{ method: 'POST', path: '/', query: [], body: JSON.stringify(input) },
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      'x-amz-target': `${target}.${operation}`,
    },
    ...options,
  });
  // Operations without an output answer nothing at all.
  return JSON.parse(text === '' ? '{}' : text) as Answer;
}

/**
 * The same for IAM and STS, whose answers are XML: its elements as texts, lists as arrays; `members` reads a
 * list that may be empty. Lists and structures of the input are written as the protocol wants them.
 */
export async function callQuery<Answer>(
  service: 'iam' | 'sts',
  operation: string,
  input: Input,
  options: CallOptions = {},
): Promise<Answer> {
  requireMay(operation);
  const text = await sendSigned(service, {
    ...{ method: 'POST', path: '/', query: [], body: queryForm(operation, queryVersions[service], input) },
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    ...options,
  });
  const { value } = readXml(text);
  const result = typeof value === 'object' && !Array.isArray(value) ? value : {};
  return ((result as Record<string, unknown>)[`${operation}Result`] ?? {}) as Answer;
}

/** The same for Lambda, which is called by method and path; `path` may have a query. */
export async function callRest<Answer>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  input?: unknown,
  options: CallOptions = {},
): Promise<Answer> {
  if (method !== 'GET') requireMay(`${method} ${path}`);
  const { pathname, searchParams } = new URL(path, location.origin);
  const text = await sendSigned('lambda', {
    ...{ method, path: pathname, query: [...searchParams] },
    body: input === undefined ? '' : JSON.stringify(input),
    headers: input === undefined ? {} : { 'content-type': 'application/json' },
    ...options,
  });
  return JSON.parse(text === '' ? '{}' : text) as Answer;
}

/** What GET answers without a signature, as JSON: `/health`, `/console/config.json`. */
export async function getJson<Answer>(path: string, options: CallOptions = {}): Promise<Answer> {
  return JSON.parse(
    await send(path, { method: 'GET', headers: {}, body: '', signal: options.signal }),
  ) as Answer;
}

export type JsonService = Exclude<ServiceName, 'iam' | 'sts' | 'lambda'>;

type JsonServiceName = { readonly scope: string; readonly target: string; readonly version: '1.0' | '1.1' };

/** The name in a signature's scope, and in `X-Amz-Target`: that of the service's shape in AWS's models. */
const jsonServices: Readonly<Record<JsonService, JsonServiceName>> = {
  kinesis: { scope: 'kinesis', target: 'Kinesis_20131202', version: '1.1' },
  millrace: { scope: 'millrace', target: 'Millrace_20261129', version: '1.1' },
  kms: { scope: 'kms', target: 'TrentService', version: '1.1' },
  dynamodb: { scope: 'dynamodb', target: 'DynamoDB_20120810', version: '1.0' },
  cloudwatch: { scope: 'monitoring', target: 'GraniteServiceVersion20100801', version: '1.0' },
  firehose: { scope: 'firehose', target: 'Firehose_20150804', version: '1.1' },
};

const queryVersions = { iam: '2010-05-08', sts: '2011-06-15' } as const;

/** A read-only console changes nothing, whoever is signed in. */
function requireMay(operation: string): void {
  if (mayChange() || isReading(operation)) return;
  throw new CallError(
    'ReadOnly',
    `This console is read-only (--console read-only): ${operation} is not called.`,
    0,
  );
}
