import type { Clock, Millis } from '../../../env/clock.ts';

/** How long a token of TransactWriteItems is remembered (API reference, ClientRequestToken). */
const tokenLifeMs: Millis = 600_000;

/** How many are remembered at once; the oldest go first. */
const tokensMax = 10_000;

/**
 * The transactions of the last ten minutes that had a token, so that one that is sent again is not carried out
 * again. A restart forgets them, as it forgets the connections over which they would come again.
 */
export class TransactionTokens {
  readonly #clock: Clock;
  /** The oldest first. */
  readonly #sent = new Map<string, Sent>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The same transaction as it was sent before, if it was. */
  find(token: string): Sent | undefined {
    const sent = this.#sent.get(token);
    return sent === undefined || this.#clock.now() - sent.at >= tokenLifeMs ? undefined : sent;
  }

  /** Remembers one that is durable, or is about to be. */
  remember(token: string, content: string, done: Promise<unknown>): void {
    this.#sent.delete(token);
    this.#sent.set(token, { content, done, at: this.#clock.now() });
    if (this.#sent.size > tokensMax) this.#sent.delete(this.#sent.keys().next().value!);
  }

  /** One that failed may be sent again. */
  forget(token: string): void {
    this.#sent.delete(token);
  }
}

/** `content` tells two transactions apart; `done` settles when it is known what became of it. */
type Sent = { readonly content: string; readonly done: Promise<unknown>; readonly at: Millis };
