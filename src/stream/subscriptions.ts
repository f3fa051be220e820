import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import { limits } from '../kinesis/limits.ts';
import { ServiceError } from '../wire/service-error.ts';

/** Which consumers are subscribed: at most one subscription for a consumer and a shard. */
export interface Subscriptions {
  /**
   * Begins a subscription and ends the one that was there before, which learns so from its signal's reason.
   * `consumer` names consumer and shard; `named` is how the error names them. ResourceInUseException within
   * five seconds of the begin of the one before (API reference, SubscribeToShard). Callers abort what this
   * answers when the subscription is over.
   */
  begin(consumer: string, named: string): AbortController | Promise<AbortController>;
  /**
   * Begins a tail, which anybody may have several of: LimitExceededException when a caller, or the server,
   * has as many as it may. Callers abort what this answers when it is over. What is nobody's is not counted,
   * and ends with the server.
   */
  beginTail(caller: string | undefined): AbortController | Promise<AbortController>;
}

/** The subscriptions of a server, in the thread that owns them. */
export class SubscriptionTable implements Subscriptions {
  readonly #clock: Clock;
  readonly #latest = new Map<string, { readonly since: Millis; readonly end: AbortController }>();
  readonly #closed = new AbortController();
  /** Tails by their caller. */
  readonly #tails = new Map<AbortController, string | undefined>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(consumer: string, named: string): AbortController {
    const before = this.#latest.get(consumer);
    const inUse = new ServiceError(
      'ResourceInUseException',
      `Another active subscription exists for this consumer: ${named}`,
    );
    const since = this.#clock.monotonic();
    if (before !== undefined && since - before.since < limits.subscriptionTakeoverMs) throw inUse;
    before?.end.abort(inUse);
    const end = new AbortController();
    if (this.#closed.signal.aborted) end.abort();
    this.#latest.set(consumer, { since, end });
    const forget = () => detached(this.#forget(consumer, end), unthinkable);
    end.signal.addEventListener('abort', forget, { once: true });
    return end;
  }

  beginTail(caller: string | undefined): AbortController {
    if (caller !== undefined) this.#requireRoom(caller);
    const end = new AbortController();
    if (this.#closed.signal.aborted) end.abort();
    else this.#tails.set(end, caller);
    end.signal.addEventListener('abort', () => this.#tails.delete(end), { once: true });
    return end;
  }

  #requireRoom(caller: string): void {
    const all = [...this.#tails.values()].filter((each) => each !== undefined);
    const own = all.filter((each) => each === caller).length;
    if (own >= tailsOfCallerMax) throw tooMany(`caller ${caller} has`, tailsOfCallerMax);
    if (all.length >= tailsMax) throw tooMany('this server has', tailsMax);
  }

  /** Ends all of them, and at once those that begin from now on. */
  close(): void {
    this.#closed.abort();
    for (const { end } of [...this.#latest.values()]) end.abort();
    for (const end of [...this.#tails.keys()]) end.abort();
  }

  /** One that began less than five seconds ago still bars the next. */
  async #forget(consumer: string, end: AbortController): Promise<void> {
    const latest = this.#latest.get(consumer);
    if (latest?.end !== end) return;
    const bars = limits.subscriptionTakeoverMs - (this.#clock.monotonic() - latest.since);
    if (bars > 0) await this.#clock.sleep(bars, this.#closed.signal);
    if (this.#latest.get(consumer)?.end === end) this.#latest.delete(consumer);
  }
}

/** How many tails and queries there may be at once: each holds a piece of its answer, and a connection. */
const tailsMax = 64;
const tailsOfCallerMax = 16;

function tooMany(who: string, max: number): ServiceError {
  return new ServiceError(
    'LimitExceededException',
    `There can be ${max} tails and queries at once, and ${who} as many.`,
  );
}
