import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import { Load } from '../stream/load.ts';
import type { RecordsClient } from './records-client.ts';

/**
 * Measures what a worker writes to on-demand streams, and reports it to the owner soon after the first write;
 * once more when it is stopped.
 */
export class LoadReport {
  readonly load = new Load(() => detached(this.#tellSoon(), unthinkable));
  readonly #owner: RecordsClient;
  readonly #clock: Clock;
  readonly #stopped = new AbortController();

  constructor(owner: RecordsClient, clock: Clock) {
    this.#owner = owner;
    this.#clock = clock;
  }

  stop(): void {
    this.#stopped.abort();
    this.#tell();
  }

  async #tellSoon(): Promise<void> {
    await this.#clock.sleep(delayMs, this.#stopped.signal);
    if (!this.#stopped.signal.aborted) this.#tell();
  }

  #tell(): void {
    const measured = this.load.report();
    if (measured.length > 0) this.#owner.tell('load', measured);
  }
}

/** Load is averaged over at least a second. */
const delayMs: Millis = 250;
