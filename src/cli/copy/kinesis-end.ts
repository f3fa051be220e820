import { type SigningCredentials, signedHeaders } from '../../access/sigv4/sign.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import type { ClientAnswer, HttpClient } from '../../env/http-client.ts';
import type { Random } from '../../env/random.ts';
import { StartError } from '../../env/start-error.ts';

/** A server that speaks Kinesis, and who calls it. */
export type KinesisPlace = {
  /** `http://…`, `https://…`, or `unix:` and the path of a socket. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: SigningCredentials;
  /** Certificates that alone are trusted, in PEM. */
  readonly ca: string | undefined;
};

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
  readonly #place: KinesisPlace;
  readonly #world: EndWorld;

  constructor(place: KinesisPlace, world: EndWorld) {
    this.#place = place;
    this.#world = world;
  }

  get endpoint(): string {
    return this.#place.endpoint;
  }

  /**
   * The answer of an operation. What is throttled, or fails for a moment, is tried again for as long as
   * there is patience. Rejects
   * with `KinesisRefusal`, and with `StartError` when nobody answers.
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
    let answer: ClientAnswer;
    try {
      answer = await this.#send({ method: 'POST', path: '/', headers, body });
    } catch (cause) {
      const reason = (cause as Error).message;
      return { again: new StartError(`cannot reach ${this.#place.endpoint}: ${reason}`, { cause }) };
    }
    const { status } = answer;
    if (status === 200) return { answer: parsed(answer) };
    const { __type: type = '', message, Message } = parsed(answer);
    const code = String(type).split('#').at(-1)!;
    const refusal = new KinesisRefusal(code, `${operation}: ${code}: ${message ?? Message ?? status}`);
    if (status >= 500 || passing.has(code)) return { again: refusal };
    throw refusal;
  }

  #send(sent: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }): Promise<ClientAnswer> {
    const { endpoint, region, credentials, ca } = this.#place;
    const { client, clock } = this.#world;
    const socketPath = endpoint.startsWith('unix:') ? endpoint.slice('unix:'.length) : undefined;
    const url = new URL(sent.path, socketPath === undefined ? endpoint : 'http://localhost/');
    const unsigned = { ...sent, target: sent.path, headers: { ...sent.headers, host: url.host } };
    const headers = signedHeaders(unsigned, credentials, { region, service: 'kinesis' }, clock.now());
    return client.send({ method: sent.method, url: url.href, headers, body: sent.body, socketPath, ca });
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

function parsed({ body }: ClientAnswer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    return JSON.parse(String(body));
  } catch {
    return { __type: 'UnknownError', message: String(body.subarray(0, 200)) };
  }
}
