import type { Clock, Millis } from '../../env/clock.ts';
import type { Arrivals } from './arrivals.ts';
import { type KafkaClient, type KafkaOffset, UnavailableError } from './client.ts';
import type { ShardPlace } from './shard-places.ts';

/** When the last records of a shard arrived: brokers say it of no partition, so records are looked at. */
export class LastArrivals {
  readonly #client: KafkaClient;
  readonly #clock: Clock;
  readonly #arrivals: Arrivals;
  /** Under way while the first append from here hears of what is before it. */
  #learning: Promise<unknown> | undefined;
  /** When the last record was looked at last. */
  #lookedAt: Millis = Number.NEGATIVE_INFINITY;

  constructor(client: KafkaClient, clock: Clock, arrivals: Arrivals) {
    this.#client = client;
    this.#clock = clock;
    this.#arrivals = arrivals;
  }

  /** Has heard of what came before the first append from here, if that can be had. */
  async learn(place: ShardPlace, first: KafkaOffset): Promise<void> {
    this.#learning ??= this.before(place, first);
    try {
      await this.#learning;
    } catch {
      // Records that are stored are acknowledged: only if a broker's clock went back, they look older.
    } finally {
      this.#learning = undefined;
    }
  }

  /**
   * The same as `before`, for a reader that is behind, of whose pages many come in a second: as it was known
   * a moment ago.
   */
  recent(place: ShardPlace, end: KafkaOffset): Millis | Promise<Millis> {
    const isKnown = this.#clock.monotonic() - this.#lookedAt < lookEveryMs;
    return isKnown ? this.#arrivals.latest : this.before(place, end);
  }

  /** When the last record before an offset arrived. */
  async before(place: ShardPlace, end: KafkaOffset): Promise<Millis> {
    for (let back = 1; !this.#arrivals.reach(end); back *= 8) {
      const from = Math.max(place.base, end - back);
      const isAll = await this.#lookThrough(place, from, end);
      if (isAll || from === place.base) this.#arrivals.cover(end);
    }
    this.#lookedAt = this.#clock.monotonic();
    return this.#arrivals.latest;
  }

  /** Hears of the records of a range. Answers whether any record was there, or none can be before it. */
  async #lookThrough(place: ShardPlace, from: KafkaOffset, end: KafkaOffset): Promise<boolean> {
    for (let at = from; at < end; ) {
      const limit = { records: end - at, bytes: lookedAtBytes };
      const { start, batches, end: known } = await this.#client.read(place, at, limit);
      if (known < end) throw new UnavailableError('The broker that was asked is behind the others.');
      const within = batches.filter(({ first }) => first < end);
      this.#arrivals.note(within);
      const last = within.at(-1);
      if (last === undefined) return at > from || start >= from;
      at = last.first + last.count;
    }
    return true;
  }
}

const lookEveryMs: Millis = 1_000;
const lookedAtBytes = 1 << 20;
