import type { Clock, Millis } from '../../../src/env/clock.ts';

type Sleeper = { readonly due: Millis; readonly wake: () => void };

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #time: Millis;
  #jumped: Millis = 0;
  readonly #sleepers = new Set<Sleeper>();
  readonly #turns: number;

  /**
   * Begins 123 ms into a second: at 2023-11-14T22:13:20.123Z. What happens at a time gets so many turns of
   * the event loop.
   */
  constructor(start: Millis = 1_700_000_000_123, turns = 1) {
    this.#time = start;
    this.#turns = turns;
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
    await this.#settled();
    for (let due = this.#nextDue(); due <= until; due = this.#nextDue()) {
      this.#time = due;
      for (const sleeper of [...this.#sleepers]) if (sleeper.due <= due) sleeper.wake();
      await this.#settled();
    }
    this.#time = until;
  }

  /** Sets the wall clock forward, or back when `by` is negative; sleeps do not become longer or shorter. */
  jump(by: Millis): void {
    this.#jumped += by;
  }

  async #settled(): Promise<void> {
    for (let turn = 0; turn < this.#turns; turn++) await settled();
  }

  #nextDue(): Millis {
    return Math.min(...[...this.#sleepers].map(({ due }) => due));
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
