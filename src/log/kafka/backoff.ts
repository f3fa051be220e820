import type { Clock, Millis } from '../../env/clock.ts';
import { UnavailableError } from './client.ts';

/** Pauses between attempts, twice as long each time, until patience ends. */
export class Backoff {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #until: Millis;
  #pauseMs = pauseMsMin;

  constructor(clock: Clock, patienceMs: Millis, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    this.#until = clock.monotonic() + patienceMs;
  }

  /**
   * Resolves when it is time for the next attempt. Rejects with `UnavailableError` when there is none, for
   * `reason`, and with the signal's reason.
   */
  async pause(reason: string): Promise<void> {
    this.#signal.throwIfAborted();
    if (this.#clock.monotonic() >= this.#until) throw new UnavailableError(reason);
    await this.#clock.sleep(this.#pauseMs, this.#signal);
    this.#pauseMs = Math.min(2 * this.#pauseMs, pauseMsMax);
    this.#signal.throwIfAborted();
  }
}

export const pauseMsMin = 20;
export const pauseMsMax = 500;
