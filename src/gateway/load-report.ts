import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { Load } from '../stream/load.ts';
import type { RecordsClient } from './records-client.ts';

/**
 * Lets the owner know now and then what was written to on-demand streams, until it is stopped, and then once
 * more.
 */
export class LoadReport {
  readonly #load: Load;
  readonly #owner: RecordsClient;
  readonly #clock: Clock;
  readonly #stopped = new AbortController();

  constructor(load: Load, owner: RecordsClient, clock: Clock) {
    this.#load = load;
    this.#owner = owner;
    this.#clock = clock;
    detached(this.#run(), unthinkable);
  }

  stop(): void {
    this.#stopped.abort();
    this.#tell();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    for (;;) {
      await this.#clock.sleep(everyMs, signal);
      if (signal.aborted) return;
      this.#tell();
    }
  }

  #tell(): void {
    const measured = this.#load.report();
    if (measured.length > 0) this.#owner.tell('load', measured);
  }
}

/** Load is averaged over at least a second. */
const everyMs: Millis = 250;
