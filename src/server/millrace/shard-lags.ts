import { Bounded } from '../../env/bounded.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import { type Stream, trimHorizon } from '../../kinesis/stream.ts';
import { DamagedError, DroppedError, type Records, UnavailableError } from '../../log/log.ts';

/** How far a reader is behind in a shard. */
export type ShardLag = {
  /** How old the oldest record is that it has not read, and that is still there; 0 at the tip. */
  readonly lagMs: Millis | undefined;
  readonly recordsBehind: number;
};

/** What finding out may take: records that are read, and time. */
export type LagBudget = { reads: number; readonly until: Millis };

type World = {
  readonly log: Pick<Records, 'position' | 'read'>;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
};

/**
 * How old records are at which readers go on. One record is read to know it; what is known of a place stays
 * true, and is kept.
 */
export class ShardLags {
  readonly #world: World;
  /** Of a shard, where somebody went on last, and when that record arrived. */
  readonly #arrivals = new Bounded<string, { readonly next: Offset; readonly arrival: Millis }>(arrivalsMax);

  constructor(world: World) {
    this.#world = world;
  }

  budget(): LagBudget {
    return { reads: readsMax, until: this.#world.clock.monotonic() + patienceMs };
  }

  /**
   * Of a reader that has read all before `next`; undefined where the shard cannot be read, or the budget is
   * used up. `who` tells readers of a shard apart.
   */
  async at(
    who: string,
    stream: Stream,
    shard: number,
    next: Offset,
    budget: LagBudget,
  ): Promise<ShardLag | undefined> {
    const { log, clock } = this.#world;
    if (clock.monotonic() > budget.until) return undefined;
    try {
      const { start, end } = await log.position({ stream: stream.id, shard });
      const from = Math.max(next, start);
      if (from >= end) return { lagMs: 0, recordsBehind: 0 };
      const arrival = await this.#arrivalAt(`${who}/${stream.id}/${shard}`, stream, shard, from, budget);
      const lagMs = arrival && Math.max(0, clock.now() - arrival);
      return { lagMs, recordsBehind: end - from };
    } catch (error) {
      if (isExpected(error)) return undefined;
      throw error;
    }
  }

  async #arrivalAt(
    name: string,
    stream: Stream,
    shard: number,
    from: Offset,
    budget: LagBudget,
  ): Promise<Millis | undefined> {
    const { log, clock } = this.#world;
    const known = this.#arrivals.get(name);
    if (known?.next === from) return known.arrival;
    if (budget.reads === 0) return undefined;
    budget.reads -= 1;
    const since = trimHorizon(stream, clock.now());
    const request = { from, since, limit: { records: 1, bytes: 1 }, isPassing: true };
    const { batches } = await log.read({ stream: stream.id, shard }, request);
    const arrival = batches[0]?.arrival;
    // All that is left has expired: it waits for nothing.
    if (arrival === undefined) return clock.now();
    this.#arrivals.set(name, { next: from, arrival });
    return arrival;
  }
}

/** A stream may be deleted meanwhile, and other machines may not answer. */
function isExpected(error: unknown): boolean {
  return [DroppedError, UnavailableError, DamagedError].some((kind) => error instanceof kind);
}

const arrivalsMax = 20_000;

/** Of one look at all readers. */
const readsMax = 500;
const patienceMs: Millis = 1_000;
