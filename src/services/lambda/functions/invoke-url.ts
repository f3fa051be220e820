import { type SigningCredentials, signedHeaders } from '../../../access/sigv4/sign.ts';
import type { ClientAnswer, ClientSend } from '../../../env/http-client.ts';
import { lambdaError, tooManyRequests } from '../errors.ts';
import type { Invocation, Ran, RunnableFunction } from './function-runner.ts';
import { unreachableError } from './not-entered.ts';
import { callUrl, excerptOf, failed, type UrlWorld } from './url-call.ts';

export type InvokeWorld = UrlWorld & { readonly signing?: SigningCredentials | undefined };

/**
 * Invokes a function at a URL that takes Lambda's Invoke: AWS itself, SAM, the Runtime Interface Emulator
 * (RIE) of container images, another server; signed where there are credentials, as AWS demands and the
 * others ignore. What that refuses, or cannot do now, rejects: the function was not entered.
 */
export async function invokeAtUrl(
  world: InvokeWorld,
  url: string,
  function_: RunnableFunction,
  { requestId, payload, clientContext }: Invocation,
): Promise<Ran> {
  const request = {
    requestId,
    method: 'POST',
    url: invocationsAt(url, function_.name),
    headers: {
      'Content-Type': 'application/json',
      'X-Amz-Invocation-Type': 'RequestResponse',
      'X-Amz-Log-Type': 'Tail',
      ...(clientContext !== undefined && { 'X-Amz-Client-Context': clientContext }),
    },
    body: payload,
  };
  const headers = signed(world, function_, request);
  return await callUrl(world, function_, { ...request, headers }, (answer) => read(request.url, answer));
}

function signed(
  { signing, clock }: InvokeWorld,
  { region }: RunnableFunction,
  { method, url, headers, body }: ClientSend,
): Readonly<Record<string, string>> {
  if (signing === undefined) return headers;
  const { host, pathname, search } = new URL(url);
  const unsigned = { method, target: pathname + search, headers: { ...headers, host }, body };
  const scope = { service: 'lambda', region: regionInHost.exec(host)?.[1] ?? region };
  return signedHeaders(unsigned, signing, scope, clock.now());
}

/** AWS's own endpoints say where they are (AWS general reference, "Lambda endpoints"). */
const regionInHost = /^lambda(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com|api\.aws)/;

/** A URL that says all of it is taken as it is: RIE calls every function `function`. */
export function invocationsAt(url: string, name: string): string {
  const parsed = new URL(url);
  if (!parsed.pathname.endsWith('/invocations')) {
    parsed.pathname = `${parsed.pathname.replace(/\/$/, '')}/2015-03-31/functions/${name}/invocations`;
  }
  return parsed.href;
}

function read(url: string, { status, headers, body }: ClientAnswer): Ran {
  if (status === 429) throw tooManyRequests('ConcurrentInvocationLimitExceeded');
  if (status === 413) throw lambdaError('RequestTooLargeException', excerptOf(body));
  if (status === 404) throw lambdaError('ResourceNotFoundException', `${url}: ${excerptOf(body)}`);
  if (status < 200 || status > 299) throw unreachableError(url, `status ${status}, ${excerptOf(body)}`);
  const logTail = Buffer.from(headers['x-amz-log-result'] ?? '', 'base64');
  const error = headers['x-amz-function-error'];
  if (error !== undefined) return { ...failed(body), functionError: kindOf(error), logTail };
  // RIE answers errors without the header.
  return isError(body) ? { ...failed(body), logTail } : { payload: body, logTail };
}

function kindOf(header: string): 'Handled' | 'Unhandled' {
  return header === 'Handled' ? 'Handled' : 'Unhandled';
}

/** The form in which all runtimes describe errors. */
function isError(body: Buffer): boolean {
  if (!body.subarray(0, 4096).includes('"errorType"')) return false;
  try {
    const value: unknown = JSON.parse(String(body));
    if (typeof value !== 'object' || value === null) return false;
    const { errorType, errorMessage } = value as { errorType?: unknown; errorMessage?: unknown };
    return typeof errorType === 'string' && typeof errorMessage === 'string';
  } catch {
    return false;
  }
}
