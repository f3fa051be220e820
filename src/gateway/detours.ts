import type { Clock, Millis } from '../env/clock.ts';
import { UnavailableError } from '../log/log.ts';

/**
 * Which shards are better appended to without asking their owner: it can be asked, and does not get through
 * to the broker that leads them, as this gateway may. After a while one append at a time tries the owner
 * again, until it answers one.
 */
export class Detours {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** Those whose owner is being asked, or has failed. */
  readonly #shards = new Map<string, Asked>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  isNeeded(shard: string): boolean {
    const asked = this.#shards.get(shard);
    if (asked === undefined) return false;
    const now = this.#clock.monotonic();
    const [oldest] = asked.underWay;
    if (asked.until !== undefined) return now < asked.until || oldest !== undefined;
    return oldest !== undefined && now - oldest.at >= slowMs;
  }

  /** Resolves as `answer` does, an owner's to an append to a shard. */
  async watch<Answer>(shard: string, answer: Promise<Answer>): Promise<Answer> {
    const asked = this.#shards.get(shard) ?? { underWay: new Set(), until: undefined };
    this.#shards.set(shard, asked);
    const append = { at: this.#clock.monotonic() };
    asked.underWay.add(append);
    try {
      const answered = await answer;
      asked.until = undefined;
      return answered;
    } catch (error) {
      if (error instanceof UnavailableError) asked.until = this.#clock.monotonic() + detourMs;
      throw error;
    } finally {
      asked.underWay.delete(append);
      if (asked.underWay.size === 0 && asked.until === undefined) this.#shards.delete(shard);
    }
  }
}

/** `underWay` has the oldest first. `until`: the owner has failed, and is not asked before then. */
type Asked = { readonly underWay: Set<{ readonly at: Millis }>; until: Millis | undefined };

/** No append takes so long while all is well. */
const slowMs: Millis = 1_000;
const detourMs: Millis = 5_000;
