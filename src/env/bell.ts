import type { Clock, Millis } from './clock.ts';
import { detached, unthinkable } from './detached.ts';

/** Wakes the one who waits for it. A ring that nobody waits for is heard by who waits next. */
export class Bell {
  readonly #clock: Clock;
  #isRung = false;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  /** Rings at each change of what is followed, until the signal. */
  async ringWith(
    followed: { changed(signal: AbortSignal): Promise<void> },
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      await followed.changed(signal);
      this.ring();
    }
  }

  /** Resolves when it rings, or at a time by the monotonic clock, if that is ever. */
  async wait(until: Millis = Number.POSITIVE_INFINITY): Promise<void> {
    if (!this.#isRung) {
      const alarm = new AbortController();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (until !== Number.POSITIVE_INFINITY) {
          const sleep = this.#clock.sleep(until - this.#clock.monotonic(), alarm.signal);
          detached(sleep.then(resolve), unthinkable);
        }
      });
      this.#wake = undefined;
      // Without a reason: the default one is an error with a stack, which is never read.
      alarm.abort(null);
    }
    this.#isRung = false;
  }
}
