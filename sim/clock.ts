import type { Clock, Millis } from '../src/env/clock.ts';
import type { Process } from './process.ts';
import type { Scheduler } from './scheduler.ts';

/** The wall clock of a machine: it runs with the scheduler's time, at its own rate, and jumps when told. */
export class WallClock {
  readonly #scheduler: Scheduler;
  readonly rate: number;
  #offset: Millis;

  /** `rate` is above 1 for a clock that is too fast. */
  constructor(scheduler: Scheduler, start: Millis, rate = 1) {
    this.#scheduler = scheduler;
    this.#offset = start;
    this.rate = rate;
  }

  now(): Millis {
    return Math.floor(this.#scheduler.time * this.rate + this.#offset);
  }

  /** Sets the clock forward, or back when `by` is negative. */
  jump(by: Millis): void {
    this.#offset += by;
  }
}

/** No timer of Node ends sooner. A rest too small to be added to the time would come back for ever. */
const timerMsMin: Millis = 1;

/** The clocks as a process sees them. */
export function processClock(process: Process, scheduler: Scheduler, wall: WallClock): Clock {
  return {
    now: () => wall.now(),
    monotonic: () => scheduler.time * wall.rate,
    // An event is a turn: whatever comes next has not arrived yet.
    turn: () => Promise.resolve(),
    sleep: (delay, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        signal?.addEventListener('abort', wake);
        process.after(Math.max(timerMsMin, delay) / wall.rate, wake);
      }),
  };
}
