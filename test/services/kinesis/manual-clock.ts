import type { Clock, Millis } from '../../../src/env/clock.ts';

type Sleeper = { readonly delay: Millis; readonly due: Millis; readonly wake: () => void };

/** What follows from a moment. */
export type Consequences = {
  /** So many turns of the event loop are left to what happens at a time. */
  readonly turns: number;
  /** Lets time pass, and has what was begun meanwhile end. */
  readonly toTheirEnd: (passing: () => Promise<void>) => Promise<void>;
  /**
   * Of a longer time all but as much at its end goes by at once, as it does for machines that are suspended:
   * who should have woken meanwhile wakes then.
   */
  readonly playedMsMax: Millis;
};

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #time: Millis;
  #jumped: Millis = 0;
  /** How much of its time no wall clock has shown. */
  #hidden: Millis = 0;
  readonly #sleepers = new Set<Sleeper>();
  #consequences = atOnce;

  /** Begins 123 ms into a second: at 2023-11-14T22:13:20.123Z. */
  constructor(start: Millis = 1_700_000_000_123) {
    this.#time = start;
  }

  /** Sees to what follows as it is said from now on, besides what was said before. */
  follow(consequences: Partial<Consequences>): void {
    const before = this.#consequences;
    const { toTheirEnd = (passing: () => Promise<void>) => passing() } = consequences;
    const both = (passing: () => Promise<void>) => toTheirEnd(() => before.toTheirEnd(passing));
    this.#consequences = { ...before, ...consequences, toTheirEnd: both };
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
      const sleeper = { delay, due: this.#time + delay, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', wake);
    });
  }

  /** How many sleepers wait for time to pass. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Whether anyone waits so shortly as before trying something again, and not only for the next moment. */
  hasNaps(delayMax: Millis): boolean {
    return [...this.#sleepers].some(({ delay }) => delay >= napMsMin && delay <= delayMax);
  }

  /**
   * Lets time pass: sleepers wake each at their own time, and do what they woke for; those of one time side
   * by side.
   */
  async advance(by: Millis): Promise<void> {
    await this.#consequences.toTheirEnd(() => this.#advance(by, false));
  }

  /** The same, and the wall clock stands still: for what takes its time, and none of the test's. */
  async pass(by: Millis): Promise<void> {
    await this.#advance(by, true);
  }

  async #advance(by: Millis, isHidden: boolean): Promise<void> {
    const { time, hidden } = { time: this.#time, hidden: this.#hidden };
    // What passes for others meanwhile, and is hidden, is none of the time that is to be shown.
    const until = () => time + by + (isHidden ? 0 : this.#hidden - hidden);
    const move = (to: Millis) => {
      const passed = Math.max(0, to - this.#time);
      this.#time += passed;
      if (!isHidden) return;
      this.#jumped -= passed;
      this.#hidden += passed;
    };
    await this.#settled();
    move(until() - this.#consequences.playedMsMax);
    for (let due = this.#nextDue(); due <= until(); due = this.#nextDue()) {
      move(due);
      for (const sleeper of [...this.#sleepers]) if (sleeper.due <= this.#time) sleeper.wake();
      await this.#settled();
    }
    move(until());
  }

  /** Sets the wall clock forward, or back when `by` is negative; sleeps do not become longer or shorter. */
  jump(by: Millis): void {
    this.#jumped += by;
  }

  async #settled(): Promise<void> {
    for (let turn = 0; turn < this.#consequences.turns; turn++) await settled();
  }

  #nextDue(): Millis {
    return Math.min(...[...this.#sleepers].map(({ due }) => due));
  }
}

/** Tests wait less for each other. */
const napMsMin: Millis = 10;

const atOnce: Consequences = {
  turns: 1,
  toTheirEnd: (passing) => passing(),
  playedMsMax: Number.POSITIVE_INFINITY,
};

/** Lets everything happen that waits for nothing but its turn. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
