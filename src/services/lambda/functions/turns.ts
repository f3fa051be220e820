import type { Clock, Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import { tooManyRequests } from '../errors.ts';
import type { LambdaJournal } from '../state/lambda-state.ts';
import type { InvokeHow } from './functions.ts';

/**
 * How many calls run at once: of a function as many as it has reserved, where it has, and of all together so
 * many. Who waits has its turn in the order of coming, past those whose function has no room.
 */
export class Turns {
  readonly #journal: Pick<LambdaJournal, 'state' | 'changed'>;
  readonly #max: number;
  readonly #clock: Clock;
  /** Calls under way, by function. */
  readonly #running = new Map<string, number>();
  #runningInAll = 0;
  readonly #waiting = new Set<Waiting>();
  #isWatching = false;

  constructor(clock: Clock, journal: Pick<LambdaJournal, 'state' | 'changed'>, max: number) {
    this.#clock = clock;
    this.#journal = journal;
    this.#max = max;
  }

  /**
   * Resolves to what gives the turn back. Rejects with TooManyRequestsException for who does not wait, or
   * has waited as long as it may, and with the signal's reason.
   */
  async take(key: string, { patienceMs, signal }: InvokeHow): Promise<() => void> {
    signal?.throwIfAborted();
    const refusal = this.#refusalOf(key);
    if (refusal !== undefined) {
      if (patienceMs === undefined || this.#waiting.size >= waitingMax) throw tooManyRequests(refusal);
      await this.#wait(key, refusal, patienceMs, signal);
    } else {
      this.#count(key, 1);
    }
    return () => {
      this.#count(key, -1);
      this.#grant();
    };
  }

  /** AWS's `Reason` why none may run now. */
  #refusalOf(key: string): string | undefined {
    const reserved = this.#journal.state.get('function', key)?.reserved;
    if (reserved !== undefined && (this.#running.get(key) ?? 0) >= reserved) {
      return 'ReservedFunctionConcurrentInvocationLimitExceeded';
    }
    return this.#runningInAll >= this.#max ? 'ConcurrentInvocationLimitExceeded' : undefined;
  }

  #count(key: string, change: number): void {
    const running = (this.#running.get(key) ?? 0) + change;
    if (running === 0) this.#running.delete(key);
    else this.#running.set(key, running);
    this.#runningInAll += change;
  }

  #wait(key: string, refusal: string, patienceMs: Millis, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const over = new AbortController();
      const finish = () => {
        signal?.removeEventListener('abort', leave);
        this.#waiting.delete(waiting);
        over.abort();
      };
      const leave = () => {
        finish();
        reject(signal!.reason);
      };
      const grant = () => {
        finish();
        this.#count(key, 1);
        resolve();
      };
      const tire = async () => {
        await this.#clock.sleep(patienceMs, over.signal);
        if (over.signal.aborted) return;
        finish();
        reject(tooManyRequests(this.#refusalOf(key) ?? refusal));
      };
      const waiting: Waiting = { key, grant };
      this.#waiting.add(waiting);
      signal?.addEventListener('abort', leave, { once: true });
      detached(tire(), unthinkable);
      if (!this.#isWatching) detached(this.#watch(), unthinkable);
    });
  }

  #grant(): void {
    for (const { key, grant } of [...this.#waiting]) {
      if (this.#runningInAll >= this.#max) return;
      if (this.#refusalOf(key) === undefined) grant();
    }
  }

  /** What is reserved may be more by and by, while there is who waits. */
  async #watch(): Promise<void> {
    this.#isWatching = true;
    const never = new AbortController().signal;
    while (this.#waiting.size > 0) {
      await this.#journal.changed(never);
      this.#grant();
    }
    this.#isWatching = false;
  }
}

type Waiting = { readonly key: string; readonly grant: () => void };

/** Ten lanes each of a thousand shards. */
const waitingMax = 10_000;
