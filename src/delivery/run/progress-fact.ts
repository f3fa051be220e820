import { isDeepStrictEqual } from 'node:util';
import type { Clock, Millis } from '../../env/clock.ts';
import type { Logger } from '../../env/logger.ts';
import { UnknownOutcomeError } from '../../journal/outcomes.ts';
import type { DeliveryJournal, DeliveryProgress } from '../state/delivery-state.ts';

type FactWorld = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly journal: DeliveryJournal;
};

/** Another one has taken the delivery over, or it is gone: nothing more may be done for it here. */
export class LostDeliveryError extends Error {
  override readonly name = 'LostDeliveryError';
}

/** How far a delivery has come, as this run of it knows: compared with the journal's before each change. */
export class ProgressFact {
  readonly #world: FactWorld;
  readonly #id: string;
  #known: DeliveryProgress | undefined;

  /** The journal was read to its end when the delivery came here. */
  constructor(world: FactWorld, id: string) {
    this.#world = world;
    this.#id = id;
    this.#known = world.journal.state.get('progress', id);
  }

  get known(): DeliveryProgress | undefined {
    return this.#known;
  }

  /**
   * Resolves once it is durable; tries again until then, or until the signal is aborted. Rejects with
   * `LostDeliveryError` when the journal has other progress than is known here, or nobody knows what it has.
   */
  async say(progress: DeliveryProgress, stopped: AbortSignal): Promise<void> {
    while (!(await this.#isSaid(progress))) {
      await this.#world.clock.sleep(againMs, stopped);
      stopped.throwIfAborted();
    }
    this.#known = progress;
  }

  async #isSaid(progress: DeliveryProgress): Promise<boolean> {
    let isOurs = false;
    try {
      await this.#world.journal.commit((state) => {
        const now = state.get('progress', this.#id);
        isOurs = now === this.#known || isDeepStrictEqual(now, this.#known);
        return isOurs ? [{ kind: 'said', of: 'progress', key: this.#id, value: progress }] : [];
      });
    } catch (error) {
      this.#world.logger.error('a delivery could not note its progress', { delivery: this.#id, error });
      // Nobody knows whether it was made: whoever goes on reads the journal first.
      if (error instanceof UnknownOutcomeError) throw lost('It is not known how far it has come.');
      return false;
    }
    if (!isOurs) throw lost('Another one has gone on with it, or it is gone.');
    return true;
  }
}

function lost(message: string): LostDeliveryError {
  return new LostDeliveryError(message);
}

/** How long until it is tried again, where a commit failed. */
const againMs: Millis = 1_000;
