import { signedHeaders } from '../../access/sigv4/sign.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import type { HttpClient } from '../../env/http-client.ts';
import type { Random } from '../../env/random.ts';
import type { AwsAnswer, AwsPlace } from '../../server/lambda/aws-calls.ts';
import type { Online } from '../online.ts';
import { wayTo } from '../online-calls.ts';

export type EndWorld = {
  readonly client: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  /** How long a call is tried. */
  readonly patienceMs: Millis;
};

/** An error that Kinesis answered, and that trying again does not help. */
export class KinesisRefusal extends Error {
  override readonly name = 'KinesisRefusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** It is not known whether a call was carried out: the server did not answer, or failed. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  override readonly cause: Error;

  constructor(cause: Error) {
    super(cause.message);
    this.cause = cause;
  }
}

/** One end of a copy: calls of the Kinesis Data Streams API (2013-12-02, JSON 1.1). */
export class KinesisEnd {
  readonly #place: Online;
  readonly #world: EndWorld;
  readonly #way: Pick<AwsPlace, 'host' | 'send'>;

  constructor(place: Online, world: EndWorld) {
    this.#place = place;
    this.#world = world;
    this.#way = wayTo(place, world.client);
  }

  get endpoint(): string {
    return this.#place.endpoint;
  }

  /**
   * The answer of an operation. What is throttled, or fails for a moment, is tried again for as long as there
   * is patience. Rejects with `KinesisRefusal`, and with `StartError` when nobody answers.
   */
  call<Answer>(operation: string, input: object): Promise<Answer> {
    return this.#call(operation, input, () => true);
  }

  /**
   * The same for an operation that may not be carried out twice: it is tried again only after it was refused.
   * Rejects with `InterruptedError` when nobody knows what became of it.
   */
  callOnce<Answer>(operation: string, input: object): Promise<Answer> {
    return this.#call(
      operation,
      input,
      (error) => error instanceof KinesisRefusal && passing.has(error.code),
    );
  }

  async #call<Answer>(
    operation: string,
    input: object,
    mayTryAgain: (error: Error) => boolean,
  ): Promise<Answer> {
    const body = JSON.stringify(input);
    const until = this.#world.clock.monotonic() + this.#world.patienceMs;
    for (let nth = 0; ; nth++) {
      const outcome = await this.#try(operation, body);
      if (!('again' in outcome)) return outcome.answer as Answer;
      if (!mayTryAgain(outcome.again)) throw new InterruptedError(outcome.again);
      if (this.#world.clock.monotonic() > until) throw outcome.again;
      await this.pause(nth);
    }
  }

  /** Waits longer from time to time, by chance, so that clients do not come together (full jitter). */
  pause(nth: number): Promise<void> {
    const { clock, random } = this.#world;
    const longest = Math.min(pauseMsMax, pauseMs * 2 ** nth);
    return clock.sleep(longest * (random.bytes(1)[0]! / 256));
  }

  async #try(
    operation: string,
    body: string,
  ): Promise<{ readonly answer: unknown } | { readonly again: Error }> {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Kinesis_20131202.${operation}`,
    };
    let answer: AwsAnswer;
    try {
      answer = await this.#send(headers, body);
    } catch (error) {
      return { again: error as Error };
    }
    const { status } = answer;
    if (status === 200) return { answer: parsed(answer) };
    const { __type: type = '', message, Message } = parsed(answer);
    const code = String(type).split('#').at(-1)!;
    const refusal = new KinesisRefusal(code, `${operation}: ${code}: ${message ?? Message ?? status}`);
    if (status >= 500 || passing.has(code)) return { again: refusal };
    throw refusal;
  }

  #send(given: Readonly<Record<string, string>>, body: string): Promise<AwsAnswer> {
    const { region, credentials } = this.#place;
    const { host, send } = this.#way;
    const request = { method: 'POST', target: '/', headers: { ...given, host }, body };
    const scope = { region, service: 'kinesis' };
    return send({ ...request, headers: signedHeaders(request, credentials, scope, this.#world.clock.now()) });
  }
}

/** Errors of AWS that pass by themselves (Kinesis API reference, "Common Errors" and those of operations). */
const passing: ReadonlySet<string> = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'KMSThrottlingException',
  'ResourceInUseException',
  'RequestTimeout',
]);

const pauseMs: Millis = 100;
const pauseMsMax: Millis = 5_000;

function parsed({ body }: AwsAnswer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    return JSON.parse(String(body));
  } catch {
    return { __type: 'UnknownError', message: String(body.subarray(0, 200)) };
  }
}
