import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock, Millis } from '../../env/clock.ts';
import { growingPause } from '../../env/growing-pause.ts';
import { AnswerTooLongError, type HttpClient } from '../../env/http-client.ts';
import { NoAnswerError, reasonOf, sendPatiently } from '../../env/patient-send.ts';
import type { Random } from '../../env/random.ts';
import type { DeliverySpec, HttpDestination } from '../delivery-spec.ts';
import { type AttemptOutcome, failed, type HttpErrorCode, outcomeOf } from './http-answer.ts';

const gzipped = promisify(gzip);

/** A request that is to be sent, however often. */
export type HttpDelivery = {
  /** Of the plan: the same each time that it is sent, also after a crash. */
  readonly requestId: string;
  /** When the plan was made. */
  readonly at: Millis;
  /** As `HttpRecords` has them. */
  readonly records: readonly Uint8Array[];
};

/** `taken`, or why not: after so many attempts, the last of which ended then. */
export type HttpOutcome =
  | { readonly kind: 'taken'; readonly attempts: number }
  | {
      readonly kind: 'failed';
      readonly code: HttpErrorCode;
      readonly message: string;
      readonly attempts: number;
      readonly endedAt: Millis;
    };

/**
 * Sends requests to an HTTP endpoint, in the form of Firehose and by its rules (Data Firehose developer
 * guide, "HTTP endpoint delivery request and response specifications"). An endpoint may get one twice, and
 * knows it by its id: an answer that was lost is no answer.
 */
export class HttpEndpoint {
  readonly #world: { readonly clock: Clock; readonly random: Random; readonly client: HttpClient };
  readonly #destination: HttpDestination;
  readonly #arn: string;

  constructor(
    world: { readonly clock: Clock; readonly random: Random; readonly client: HttpClient },
    destination: HttpDestination,
    owner: DeliverySpec['owner'],
  ) {
    this.#world = world;
    this.#destination = destination;
    this.#arn = owner.arn;
  }

  /**
   * Tries until it is taken, or until the pauses in between were as long as the destination allows: how long
   * the endpoint takes to answer is not counted. `failing` is told of each failure, and what it throws ends
   * the attempts. Rejects with that, or with the signal's reason.
   */
  async send(
    delivery: HttpDelivery,
    signal: AbortSignal,
    failing: (code: HttpErrorCode, message: string) => void = () => {},
  ): Promise<HttpOutcome> {
    const { clock, random } = this.#world;
    const body = await this.#bodyOf(delivery);
    let leftMs = this.#destination.retryMs;
    for (let attempts = 1; ; attempts++) {
      signal.throwIfAborted();
      const outcome = await this.#attempt(delivery.requestId, body, signal);
      if (outcome.kind === 'taken') return { kind: 'taken', attempts };
      const { code, message, isFinal } = outcome;
      failing(code, message);
      if (isFinal || leftMs <= 0) {
        return { kind: 'failed', code, message, attempts, endedAt: clock.now() };
      }
      const pause = Math.min(leftMs, growingPause(attempts, random, pauses));
      leftMs -= pause;
      await clock.sleep(pause, signal);
    }
  }

  async #bodyOf({ requestId, at, records }: HttpDelivery): Promise<Uint8Array> {
    const head = JSON.stringify({ requestId, timestamp: at }).slice(0, -1);
    const body = Buffer.concat([Buffer.from(`${head},"records":[`), ...records, Buffer.from(']}')]);
    return this.#destination.isGzip ? await gzipped(body) : body;
  }

  async #attempt(requestId: string, body: Uint8Array, signal: AbortSignal): Promise<AttemptOutcome> {
    const headers = this.#headersOf(requestId);
    const { url } = this.#destination;
    const request = { method: 'POST', url, headers, body, bodyBytesMax: answerBytesMax };
    try {
      return outcomeOf(await sendPatiently(this.#world, request, patienceMs, signal), requestId);
    } catch (error) {
      signal.throwIfAborted();
      return lost(error);
    }
  }

  #headersOf(requestId: string): Record<string, string> {
    const { accessKey, attributes, isGzip } = this.#destination;
    const commonAttributes = Object.fromEntries(attributes);
    return {
      'content-type': 'application/json',
      ...(isGzip && { 'content-encoding': 'gzip' }),
      'user-agent': 'Amazon Kinesis Data Firehose Agent/1.0',
      'x-amz-firehose-protocol-version': '1.0',
      'x-amz-firehose-request-id': requestId,
      'x-amz-firehose-source-arn': this.#arn,
      ...(accessKey !== undefined && { 'x-amz-firehose-access-key': accessKey }),
      ...(attributes.length > 0 && {
        'x-amz-firehose-common-attributes': inAscii(JSON.stringify({ commonAttributes })),
      }),
    };
  }
}

/** A UUID that follows from what a plan says: that of its `nth` request, from 0. */
export function requestIdOf(random: string, nth: number): string {
  const hex = hash('sha256', `${random}/${nth}`);
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}

/** Headers have no other characters for certain; in JSON they can be escaped. */
function inAscii(json: string): string {
  return json.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Why there was no answer. */
function lost(error: unknown): AttemptOutcome {
  const owner = 'Contact the owner of the endpoint to resolve this issue.';
  if (error instanceof NoAnswerError) {
    const message = 'The endpoint timed out before a response was received and will be retried.';
    return failed('HttpEndpoint.RequestTimeout', message);
  }
  if (error instanceof AnswerTooLongError) {
    const message = `The response received from the endpoint is too large. ${owner}`;
    return failed('HttpEndpoint.ResponseTooLarge', message);
  }
  const reason = reasonOf(error);
  const code = error instanceof Error ? String((error as NodeJS.ErrnoException).code ?? '') : '';
  if (/TLS|SSL|CERT|SELF_SIGNED|UNABLE_TO|EPROTO/.test(code)) {
    const message = `Unable to complete an SSL handshake with the endpoint: ${reason}. ${owner}`;
    return failed('HttpEndpoint.SSLHandshakeFailure', message);
  }
  if (/ECONNRESET|EPIPE/.test(code) || /closed the connection/.test(reason)) {
    const message = `Unable to maintain connection with the endpoint: ${reason}. ${owner}`;
    return failed('HttpEndpoint.ConnectionReset', message);
  }
  const message = `Unable to connect to the destination endpoint: ${reason}. ${owner}`;
  return failed('HttpEndpoint.ConnectionFailed', message);
}

/** For an answer (the same page). */
const patienceMs: Millis = 3 * 60_000;

/** The same page. */
const answerBytesMax = 1024 * 1024;

/** AWS says that they grow, and not how. */
const pauses = { firstMs: 1_000, maxMs: 120_000 };
