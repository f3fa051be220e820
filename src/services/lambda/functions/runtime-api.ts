import { strict as assert } from 'node:assert';
import type { Endpoint, HttpRequest, HttpResponse, Listening, Network, Share } from '../../../env/network.ts';
import { errorPayload } from './function-error.ts';
import { responseBytesMax } from './functions.ts';

/** What a runtime does, as a process of a function sees it from outside. */
export type RuntimeEvents = {
  /** It asks for an invocation for the first time: its code is loaded. */
  readonly ready: () => void;
  /** Its code could not be loaded: the error as the runtime describes it. */
  readonly initFailed: (payload: Buffer) => void;
  /** The invocation that was handed out is done. */
  readonly answered: (answer: RuntimeAnswer) => void;
};

export type RuntimeAnswer = { readonly payload: Buffer; readonly isError: boolean };

/** One event, with what goes with it in headers. */
export type RuntimeInvocation = {
  readonly requestId: string;
  readonly arn: string;
  readonly payload: Uint8Array;
  /** In milliseconds since 1970. */
  readonly deadline: number;
  readonly traceId: string;
  /** JSON in ASCII. */
  readonly clientContext?: string | undefined;
};

/**
 * The Lambda Runtime API 2018-06-01 for one process, on a loopback port of its own (Lambda developer guide,
 * "Using the Lambda runtime API"): one invocation at a time is handed out, and only its own answer counts.
 */
export class RuntimeApi {
  readonly #events: RuntimeEvents;
  #listening: Listening | undefined;
  #isReady = false;
  #isClosed = false;
  /** The runtime's open question for the next invocation. */
  #asking: ((answer: HttpResponse) => void) | undefined;
  #toHandOut: RuntimeInvocation | undefined;
  /** The invocation that is not answered yet. */
  #running: string | undefined;

  private constructor(events: RuntimeEvents) {
    this.#events = events;
  }

  /** Rejects with the system's error when there is no port. */
  static async listen(network: Network, events: RuntimeEvents): Promise<RuntimeApi> {
    const api = new RuntimeApi(events);
    const place: Endpoint = { host: '127.0.0.1', port: 0 };
    const handle = (request: HttpRequest) => api.#handle(request);
    api.#listening = await network.listen(place, handle, undefined, undefined, ownShare());
    return api;
  }

  /** For AWS_LAMBDA_RUNTIME_API. */
  get authority(): string {
    const { host, port } = this.#listening!.endpoint;
    return `${host}:${port}`;
  }

  /** Whether the invocation that was handed over last was taken by the runtime. */
  get hasEntered(): boolean {
    return this.#toHandOut === undefined;
  }

  /** Hands the runtime an invocation, at once or when it asks for one. The one before has been answered. */
  deliver(invocation: RuntimeInvocation): void {
    assert(this.#running === undefined);
    this.#running = invocation.requestId;
    this.#toHandOut = invocation;
    this.#handOut();
  }

  /** What is asked from now on, and what was asked for, is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#asking?.(refusal(403, 'InvalidStateTransition', 'The runtime has been shut down'));
    this.#asking = undefined;
    await this.#listening!.close();
  }

  #handOut(): void {
    if (this.#asking === undefined || this.#toHandOut === undefined) return;
    const answer = this.#asking;
    const invocation = this.#toHandOut;
    this.#asking = undefined;
    this.#toHandOut = undefined;
    answer(eventOf(invocation));
  }

  async #handle(request: HttpRequest): Promise<HttpResponse> {
    const { method, target } = request;
    if (this.#isClosed) return refusal(403, 'InvalidStateTransition', 'The runtime has been shut down');
    const path = target.startsWith(root) ? target.slice(root.length) : '';
    if (path === 'invocation/next') return method === 'GET' ? await this.#next() : wrongMethod;
    if (path === 'init/error') return method === 'POST' ? this.#initFailed(request.body) : wrongMethod;
    const [, requestId, kind] = answerForm.exec(path) ?? [];
    if (requestId === undefined) return refusal(404, 'NotFound', '404 page not found');
    return method === 'POST' ? this.#answered(requestId, kind === 'error', request) : wrongMethod;
  }

  #next(): Promise<HttpResponse> | HttpResponse {
    if (this.#running !== undefined && this.#toHandOut === undefined) return wrongState('Running', 'Ready');
    // A runtime whose connection was lost asks again: nobody hears the answer to its first question.
    this.#asking?.(wrongState('Ready', 'Ready'));
    const { promise, resolve } = Promise.withResolvers<HttpResponse>();
    this.#asking = resolve;
    if (!this.#isReady) {
      this.#isReady = true;
      this.#events.ready();
    }
    this.#handOut();
    return promise;
  }

  #initFailed(body: Buffer): HttpResponse {
    if (this.#isReady) return wrongState('Ready', 'InitError');
    this.#isReady = true;
    this.#events.initFailed(asErrorPayload(body));
    return accepted;
  }

  #answered(requestId: string, isError: boolean, request: HttpRequest): HttpResponse {
    // What was not handed out yet cannot have been answered, whatever it is called.
    if (requestId !== this.#running || this.#toHandOut !== undefined) return invalidRequestId;
    this.#running = undefined;
    if (request.body.length > responseBytesMax) {
      this.#events.answered({ payload: tooLargePayload, isError: true });
      return tooLarge;
    }
    if (!isError && isStreaming(request.rawHeaders)) {
      this.#events.answered({ payload: streamingPayload, isError: true });
      return refusal(400, 'InvalidFunctionResponseMode', 'Invalid function response mode');
    }
    // The body is gone once the request is answered.
    const payload = isError ? asErrorPayload(request.body) : Buffer.from(request.body);
    this.#events.answered({ payload, isError });
    return accepted;
  }
}

const root = '/2018-06-01/runtime/';
const answerForm = /^invocation\/([^/?]+)\/(response|error)$/;

/**
 * A process of a function has buffers of its own: it can neither fill those of the server's clients nor be
 * shut out by them. A runtime needs one connection; the rest is for those that open one for each request.
 */
function ownShare(): Share {
  const shared = (value: number) => new Int32Array(new SharedArrayBuffer(4)).fill(value);
  return {
    freeBytes: shared(bodiesBytesMax),
    unsentBytes: shared(bodiesBytesMax),
    openConnections: shared(0),
    connectionsMax: 16,
    reusePort: false,
  };
}

/** Two of the largest bodies, and the 16 MiB that listeners keep free for small ones. */
const bodiesBytesMax = 48 * 1024 * 1024;

function eventOf({ payload, ...of }: RuntimeInvocation): HttpResponse {
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': of.requestId,
      'Lambda-Runtime-Deadline-Ms': String(of.deadline),
      'Lambda-Runtime-Invoked-Function-Arn': of.arn,
      'Lambda-Runtime-Trace-Id': of.traceId,
      ...(of.clientContext !== undefined && { 'Lambda-Runtime-Client-Context': of.clientContext }),
    },
    body: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
  };
}

/** What a runtime says went wrong; AWS's words where it says nothing that is JSON. */
function asErrorPayload(body: Buffer): Buffer {
  try {
    JSON.parse(String(body));
    return Buffer.from(body);
  } catch {
    return errorPayload('Runtime.Unknown', 'Unknown error');
  }
}

function isStreaming(rawHeaders: readonly string[]): boolean {
  return rawHeaders.some(
    (name, at) =>
      at % 2 === 0 &&
      name.toLowerCase() === 'lambda-runtime-function-response-mode' &&
      rawHeaders[at + 1]!.toLowerCase() === 'streaming',
  );
}

// The texts are those of AWS's own server of this API (aws-lambda-runtime-interface-emulator).

function refusal(status: number, errorType: string, errorMessage: string): HttpResponse {
  return {
    status,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ errorMessage, errorType }),
  };
}

function wrongState(from: string, to: string): HttpResponse {
  const text = `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`;
  return refusal(403, 'InvalidStateTransition', text);
}

const accepted: HttpResponse = {
  status: 202,
  headers: { 'Content-Type': 'application/json' },
  body: '{"status":"OK"}',
};

const invalidRequestId = refusal(400, 'InvalidRequestID', 'Invalid request ID');
const wrongMethod = refusal(405, 'MethodNotAllowed', 'Method Not Allowed');
const tooLarge = refusal(
  413,
  'RequestEntityTooLarge',
  `Exceeded maximum allowed payload size (${responseBytesMax} bytes).`,
);

export const tooLargePayload = errorPayload(
  'Function.ResponseSizeTooLarge',
  `Response payload size exceeded maximum allowed payload size (${responseBytesMax} bytes).`,
);

const streamingPayload = errorPayload(
  'Runtime.InvalidStreamingOperation',
  'The function answers as a stream, which this server does not take',
);
