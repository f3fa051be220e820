import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';

/** Ends what a client takes too long for. One look a second for all of them, so an end may come that much late. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  readonly #due = new Map<Ending, Millis>();
  readonly #closed = new AbortController();

  /** `failed` hears what an end throws, which the others have nothing to do with. */
  constructor(clock: Clock, failed: (error: unknown) => void) {
    this.#clock = clock;
    this.#failed = failed;
    detached(this.#watch(), unthinkable);
  }

  /** Calls `end` after `delay`, unless it is deleted first. */
  add(end: Ending, delay: Millis): void {
    this.#due.set(end, this.#clock.monotonic() + delay);
  }

  delete(end: Ending): void {
    this.#due.delete(end);
  }

  close(): void {
    this.#closed.abort();
  }

  async #watch(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      const now = this.#clock.monotonic();
      for (const [end, due] of this.#due) if (due <= now) this.#expire(end);
      await this.#clock.sleep(intervalMs, this.#closed.signal);
    }
  }

  #expire(end: Ending): void {
    this.#due.delete(end);
    try {
      end();
    } catch (error) {
      this.#failed(error);
    }
  }
}

type Ending = () => void;

const intervalMs = 1000;
