import { createVerifier } from '../../src/access/sigv4/sigv4.ts';
import type { ClientAnswer, ClientSend, HttpClient } from '../../src/env/http-client.ts';
import { HeaderFields } from '../../src/http/headers.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { type Conditions, S3Buckets } from './s3-buckets.ts';
import { callOf, errorAnswer, type S3Answer, type S3Call } from './s3-call.ts';

/**
 * What becomes of a call: its connection is cut before anything is done, or when all is done (`lost`); nobody
 * answers; or the answer is another one, before or after it was done.
 */
export type S3Fate =
  | 'cut'
  | 'lost'
  | 'silence'
  | { readonly answer: S3Answer; readonly isDone?: boolean }
  | undefined;

export const s3Credentials = { accessKeyId: 'AKIDOBJECTS', secretAccessKey: 'of-objects' };

/**
 * S3 in memory: its signatures, regions, conditions and checksums, and its faults. It is a client that
 * reaches itself, and `FakeS3Server` gives it a port.
 */
export class FakeS3 implements HttpClient {
  readonly buckets: S3Buckets = new S3Buckets();
  readonly calls: S3Call[] = [];
  conditions: Conditions = 'kept';
  fate: (call: S3Call) => S3Fate = () => undefined;
  /** By how much its clock is ahead. */
  skewMs = 0;
  readonly #now: () => number;
  readonly #host: () => string;
  readonly #verify = createVerifier({
    keys: { find: (id) => (id === s3Credentials.accessKeyId ? s3Credentials : undefined) },
  });

  /** `host` is what it is called without a bucket in front. */
  constructor(now: () => number, host: string | (() => string) = 's3.test') {
    this.#now = now;
    this.#host = typeof host === 'string' ? () => host : host;
  }

  async send({ method, url, headers, body }: ClientSend, signal?: AbortSignal): Promise<ClientAnswer> {
    const { host, pathname, search } = new URL(url);
    const rawHeaders = Object.entries({ host, ...headers }).flat();
    const answer = await this.take(method, pathname + search, rawHeaders, Buffer.from(body), signal);
    if (answer === undefined) throw new Error('socket hang up');
    return answer;
  }

  /** Undefined where the connection is cut. Rejects with the signal's reason, as silence has no other end. */
  async take(
    method: string,
    target: string,
    rawHeaders: readonly string[],
    body: Buffer,
    signal?: AbortSignal,
  ): Promise<S3Answer | undefined> {
    const headers = new HeaderFields(rawHeaders);
    const call = callOf(method, target, headers, body, this.#host());
    this.calls.push(call);
    const fate = this.fate(call);
    if (fate === 'cut') return undefined;
    if (fate === 'silence') return await silence(signal);
    if (typeof fate === 'object' && fate.isDone !== true) return bare(fate.answer, method);
    const answer = this.#refusal({ method, target, rawHeaders, body }, call) ?? (await this.#run(call));
    if (fate === 'lost') return undefined;
    return bare(fate === undefined ? answer : fate.answer, method);
  }

  async #run(call: S3Call): Promise<S3Answer> {
    const refusal = this.buckets.refusal(call, this.conditions);
    if (refusal !== undefined) return refusal;
    // Others are looked at before this one is stored.
    if (this.conditions === 'racy') await new Promise((resolve) => setImmediate(resolve));
    return this.buckets.run(call);
  }

  /** Who asks, when, and for which region. */
  #refusal(
    message: { method: string; target: string; rawHeaders: readonly string[]; body: Buffer },
    call: S3Call,
  ): S3Answer | undefined {
    const now = this.#now() + this.skewMs;
    try {
      const { region } = this.#verify(message, call.headers, now, ['s3']);
      const home = this.buckets.buckets.get(call.bucket)?.region ?? region;
      if (region === home) return undefined;
      return { ...errorAnswer(301, 'PermanentRedirect'), headers: { 'x-amz-bucket-region': home } };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const isLate = /not in range|expired|Signature not yet current/i.test(error.message);
      const said = errorAnswer(403, isLate ? 'RequestTimeTooSkewed' : 'SignatureDoesNotMatch');
      return { ...said, headers: { date: new Date(now).toUTCString() } };
    }
  }
}

/** An answer to HEAD has no body. */
function bare(answer: S3Answer, method: string): S3Answer {
  return method === 'HEAD' ? { ...answer, body: Buffer.alloc(0) } : answer;
}

function silence(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}
