import { Agent, type ClientRequest, request as plainRequest, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import {
  AnswerTooLongError,
  type ClientAnswer,
  type ClientSend,
  type HttpClient,
} from '../env/http-client.ts';

export type { ClientAnswer, ClientSend, HttpClient } from '../env/http-client.ts';

export type HttpClientOptions = {
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Of an answer's body. */
  readonly bodyBytesMax: number;
  /** Whether connections are used for several requests. They close when nothing else keeps the process. */
  readonly keepAlive?: boolean;
};

/**
 * A client whose every request has a connection of its own, which is closed after the answer, unless its
 * options or the request say that connections are kept.
 */
export function createHttpClient(options: HttpClientOptions = usualOptions): HttpClient {
  let agents: Agents | undefined;
  return {
    send(request, signal) {
      const { keepAlive = options.keepAlive === true } = request;
      if (keepAlive) agents ??= keptConnections();
      return send(request, options, keepAlive ? agents : undefined, signal);
    },
  };
}

type Agents = { readonly plain: Agent; readonly secure: SecureAgent };

function keptConnections(): Agents {
  return { plain: new Agent({ keepAlive: true }), secure: new SecureAgent({ keepAlive: true }) };
}

/** As long as clients of AWS wait by themselves (botocore's `read_timeout`), and more than any answer has. */
const usualOptions: HttpClientOptions = { timeoutMs: 60_000, bodyBytesMax: 10 * 1024 * 1024 };

function send(
  request: ClientSend,
  options: HttpClientOptions,
  agents: Agents | undefined,
  signal: AbortSignal | undefined,
): Promise<ClientAnswer> {
  const { timeoutMs = options.timeoutMs, bodyBytesMax = options.bodyBytesMax } = request;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const sending = start(request, agents);
    const onAbort = () => sending.destroy(reasonOf(signal!));
    const timer = setTimeout(
      () => sending.destroy(new Error(`no answer from ${request.url} within ${timeoutMs} ms`)),
      timeoutMs,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    sending.on('close', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      // When it was answered, this changes nothing.
      reject(new Error(`${request.url} closed the connection before it had answered`));
    });
    sending.on('error', reject);
    // A connection that was kept may have been closed by then: nobody need have heard of the request.
    sending.on('finish', () => sending.reusedSocket || request.left?.());
    sending.on('response', (answer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > bodyBytesMax) {
          const text = `the answer of ${request.url} is longer than ${bodyBytesMax} bytes`;
          sending.destroy(new AnswerTooLongError(text));
        }
      });
      answer.on('error', reject);
      answer.on('end', () => {
        const headers = textsOf(answer.headers);
        resolve({ status: answer.statusCode!, headers, body: Buffer.concat(chunks) });
        // An answer that came early ends the request: its body is the caller's again.
        if (!sending.writableFinished) sending.destroy();
      });
    });
    sendBody(sending, request.body);
  });
}

function start(
  { method, url, headers, body, socketPath, ca }: ClientSend,
  agents: Agents | undefined,
): ClientRequest {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const options: RequestOptions & { ca?: string } = {
    method,
    path: pathname + search,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    agent: (protocol === 'https:' ? agents?.secure : agents?.plain) ?? false,
    ...(socketPath === undefined
      ? { hostname: hostname.replace(/^\[|\]$/g, ''), ...(port !== '' && { port }) }
      : { socketPath }),
  };
  if (protocol === 'http:') return plainRequest(options);
  if (protocol === 'https:') return secureRequest({ ...options, ...(ca !== undefined && { ca }) });
  throw new TypeError(`${protocol}// cannot be sent to, http:// and https:// can`);
}

/** In steps: TLS encrypts what it is given in one go, which would hold up everything else. */
function sendBody(sending: ClientRequest, body: Uint8Array | string): void {
  if (typeof body === 'string' || body.length <= stepBytes) {
    sending.end(body);
    return;
  }
  const rest = body.subarray(stepBytes);
  sending.write(body.subarray(0, stepBytes), (error) => error ?? sendBody(sending, rest));
}

/** About 1 ms of encryption. */
const stepBytes = 1024 * 1024;

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function textsOf(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const texts: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) texts[name] = [value ?? []].flat().join(', ');
  return texts;
}
