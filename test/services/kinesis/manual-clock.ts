import type { Clock, Millis } from '../../../src/env/clock.ts';

type Sleeper = { readonly due: Millis; readonly wake: () => void };

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #time: Millis;
  #jumped: Millis = 0;
  readonly #sleepers = new Set<Sleeper>();

  /** Begins 123 ms into a second: at 2023-11-14T22:13:20.123Z. */
  constructor(start: Millis = 1_700_000_000_123) {
    this.#time = start;
  }

  now(): Millis {
    return Math.floor(this.#time + this.#jumped);
  }

  monotonic(): Millis {
    return this.#time;
  }

  turn(): Promise<void> {
    return settled();
  }

  sleep(delay: Millis, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { due: this.#time + delay, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', wake);
    });
  }

  /** How many sleepers wait for time to pass. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /**
   * Lets time pass: sleepers wake each at their own time, and do what they woke for; those of one time side
   * by side.
   */
  async advance(by: Millis): Promise<void> {
    const until = this.#time + by;
    await settled();
    for (let due = this.#nextDue(); due <= until; due = this.#nextDue()) {
      this.#time = due;
      for (const sleeper of [...this.#sleepers]) if (sleeper.due <= due) sleeper.wake();
      await settled();
    }
    this.#time = until;
  }

  /** Sets the wall clock forward, or back when `by` is negative; sleeps do not become longer or shorter. */
  jump(by: Millis): void {
    this.#jumped += by;
  }

  #nextDue(): Millis {
    return Math.min(...[...this.#sleepers].map(({ due }) => due));
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
