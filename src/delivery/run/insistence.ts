import type { Millis } from '../../env/clock.ts';
import { ObjectStoreError } from '../../env/object-store.ts';
import { IcebergError } from '../../iceberg/iceberg-table.ts';
import { countTrouble } from './delivery-counts.ts';
import { LostDeliveryError } from './progress-fact.ts';
import type { RunParts } from './run-parts.ts';

/** Asks what refuses, or does not answer, again and again: a delivery has nothing else to do. */
export class Insistence {
  readonly #parts: RunParts;
  readonly signal: AbortSignal;
  readonly #changed: AbortSignal;

  /** The signal ends it; so does a refusal, once the settings have `changed`: it is asked by old ones. */
  constructor(parts: RunParts, signal: AbortSignal, changed: AbortSignal) {
    this.#parts = parts;
    this.signal = signal;
    this.#changed = changed;
  }

  /**
   * Rejects with `LostDeliveryError`, with the signals' reasons, and with all but the errors of stores and of
   * tables; with these once it has failed for long enough, if it ever has.
   */
  async on<Answer>(
    ask: () => Promise<Answer>,
    isEnough: (failing: Millis) => boolean = () => false,
  ): Promise<Answer> {
    const { world, meter, spec } = this.#parts;
    let since: Millis | undefined;
    for (let failures = 0; ; failures++) {
      this.requireOurs();
      try {
        return await ask();
      } catch (error) {
        this.signal.throwIfAborted();
        if (error instanceof IcebergError && error.code === 'OtherWriter')
          throw new LostDeliveryError(error.message);
        if (!(error instanceof ObjectStoreError || error instanceof IcebergError)) throw error;
        meter.hinder(`${error.code}: ${error.message}`, isFinal(error));
        world.logger.warn('a delivery could not be made, will try again', { delivery: spec.id, error });
        countTrouble(this.#parts);
        if (error instanceof ObjectStoreError && !error.passes) this.#changed.throwIfAborted();
        const now = world.clock.monotonic();
        since ??= now;
        if (isEnough(now - since)) throw error;
        await world.clock.sleep(againMs(failures), this.signal);
      }
    }
  }

  requireOurs(): void {
    this.signal.throwIfAborted();
    if (!this.#parts.isOurs()) throw new LostDeliveryError('It is to run elsewhere.');
  }
}

/** AWS suspends a delivery whose table is gone, or cannot have its rows. */
function isFinal(error: ObjectStoreError | IcebergError): boolean {
  return error instanceof IcebergError && !error.passes;
}

/** How long until it is tried again, after so many failures in a row before. */
export function againMs(failures: number): Millis {
  return Math.min(againMsMax, againMsMin * 2 ** Math.min(failures, 20));
}

const againMsMin: Millis = 1_000;
const againMsMax: Millis = 60_000;
