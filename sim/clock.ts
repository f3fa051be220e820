import type { Clock, Millis } from '../src/env/clock.ts';
import type { Process } from './process.ts';
import type { Scheduler } from './scheduler.ts';

/** The wall clock of the machine: it runs with the scheduler's time, and jumps when told. */
export class WallClock {
  readonly #scheduler: Scheduler;
  #offset: Millis;

  constructor(scheduler: Scheduler, start: Millis) {
    this.#scheduler = scheduler;
    this.#offset = start;
  }

  now(): Millis {
    return Math.floor(this.#scheduler.time + this.#offset);
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
    monotonic: () => scheduler.time,
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
        process.after(Math.max(timerMsMin, delay), wake);
      }),
  };
}
