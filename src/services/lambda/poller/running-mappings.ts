import type { CatalogState } from '../../../catalog/state.ts';
import { Bell } from '../../../env/bell.ts';
import type { Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import type { ShardSight } from '../mappings/mapping-sight.ts';
import type { PollerWorld, RunningMappings } from './poller-world.ts';
import { ReadBudget } from './read-budget.ts';
import { RunningMapping } from './running-mapping.ts';
import { forgetStaleCursors } from './stale-cursors.ts';

/** Runs all mappings that are to be run, from now on, as the journal and the catalog say in every moment. */
export function runMappings(world: PollerWorld): RunningMappings {
  return new Mappings(world);
}

class Mappings implements RunningMappings {
  readonly #world: PollerWorld;
  readonly #budget = new ReadBudget();
  readonly #mappings = new Map<string, RunningMapping>();
  readonly #closing = new AbortController();
  readonly #bell: Bell;
  readonly #ended: Promise<void>;
  #swept: CatalogState | undefined;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(world: PollerWorld) {
    this.#world = world;
    this.#bell = new Bell(world.clock);
    for (const followed of [world.journal, world.catalog])
      detached(this.#bell.ringWith(followed, this.#closing.signal), unthinkable);
    this.#ended = this.#follow();
    detached(this.#ended, unthinkable);
  }

  shardsOf(uuid: string): readonly ShardSight[] {
    return this.#mappings.get(uuid)?.shards ?? [];
  }

  problemOf(uuid: string): string | undefined {
    return this.#mappings.get(uuid)?.problem;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(null);
    this.#bell.ring();
    await this.#ended;
    await Promise.all([this.#sweeping, ...[...this.#mappings.values()].map((mapping) => mapping.close())]);
  }

  /** Every checkpoint is a change of the journal: where there are many, some are looked at together. */
  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#look();
      this.#sweeping = this.#sweeping.then(() => this.#sweep());
      await this.#bell.wait();
      await this.#world.clock.sleep(restMs, signal);
    }
  }

  #look(): void {
    for (const [uuid] of this.#world.journal.state.entries('mapping')) {
      if (!this.#mappings.has(uuid)) this.#mappings.set(uuid, this.#begun(uuid));
    }
    for (const [uuid, mapping] of this.#mappings) {
      mapping.look();
      const isThere = this.#world.journal.state.get('mapping', uuid) !== undefined;
      if (!isThere && mapping.isIdle) this.#mappings.delete(uuid);
    }
  }

  #begun(uuid: string): RunningMapping {
    return new RunningMapping(this.#world, this.#budget, uuid, () => this.#bell.ring());
  }

  async #sweep(): Promise<void> {
    const { catalog, journal, logger } = this.#world;
    const { state } = catalog;
    if (this.#swept === state) return;
    this.#swept = state;
    try {
      await forgetStaleCursors(journal, state, logger);
    } catch (error) {
      logger.error('cursors of mappings that nobody needs could not be forgotten', { error });
    }
  }
}

/** How soon after one look there may be another. */
const restMs: Millis = 20;
