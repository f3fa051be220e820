import { Bounded } from '../env/bounded.ts';
import type { Clock, Millis } from '../env/clock.ts';
import { limits } from '../kinesis/limits.ts';
import type { ShardKey } from '../log/log.ts';

/**
 * AWS's throughput limits per shard. `mayX` answers whether a call may go on, and counts it if so: at once,
 * unless another thread or gateway has to be asked.
 */
export interface Throttle {
  /** Whether the log is to count what is appended, see `NewBatch.sizes`: `mayWrite` then is not asked. */
  readonly isAtLog?: boolean;
  /** One record of so many bytes, data and key. */
  mayWrite(key: ShardKey, bytes: number): boolean;
  /** One GetRecords call. */
  mayRead(key: ShardKey): boolean | Promise<boolean>;
  /** Charges what a GetRecords call answered: more than a second's worth delays the calls after it. */
  didRead(key: ShardKey, bytes: number): void;
  /** One GetShardIterator call. */
  mayIterate(key: ShardKey): boolean | Promise<boolean>;
}

/** One that has the buckets itself. */
export interface LocalThrottle extends Throttle {
  mayRead(key: ShardKey): boolean;
  mayIterate(key: ShardKey): boolean;
}

/** No limits: `--limits none`. */
export const noThrottle: LocalThrottle = {
  mayWrite: () => true,
  mayRead: () => true,
  didRead() {},
  mayIterate: () => true,
};

/** The buckets of all shards. */
export interface Buckets {
  /** Gives `work` the buckets of a shard, which it may use until it returns. */
  use<Result>(key: ShardKey, work: (buckets: ShardBuckets) => Result): Result;
}

/**
 * Token buckets of one second's capacity, as AWS documents them per shard. What is one of several that take
 * from the same shard without knowing of each other counts everything that many times: `counters` says how
 * many there are.
 */
export function awsThrottle(
  clock: Clock,
  buckets: Buckets = localBuckets(clock),
  counters: (key: ShardKey) => number = () => 1,
): LocalThrottle {
  return {
    mayWrite: (key, size) =>
      buckets.use(key, ({ writeBytes, writeRecords }) => {
        const now = clock.monotonic();
        const one = counters(key);
        const bytes = size * one;
        if (!writeBytes.holds(bytes, now) || !writeRecords.holds(one, now)) return false;
        writeBytes.take(bytes);
        writeRecords.take(one);
        return true;
      }),
    mayRead: (key) =>
      buckets.use(key, ({ readBytes, readCalls }) => {
        const now = clock.monotonic();
        const one = counters(key);
        if (!readBytes.holds(1, now) || !readCalls.holds(one, now)) return false;
        readCalls.take(one);
        return true;
      }),
    didRead: (key, bytes) => buckets.use(key, ({ readBytes }) => readBytes.owe(bytes * counters(key))),
    mayIterate: (key) =>
      buckets.use(key, ({ iterators }) => {
        const one = counters(key);
        if (!iterators.holds(one, clock.monotonic())) return false;
        iterators.take(one);
        return true;
      }),
  };
}

/** Buckets that nobody else takes from. */
export function localBuckets(clock: Clock): Buckets {
  const shards = new Bounded<string, ShardBuckets>(shardsMax);
  return {
    use(key, work) {
      const name = `${key.stream}/${key.shard}`;
      let buckets = shards.get(name);
      if (buckets === undefined) {
        buckets = newBuckets(clock.monotonic());
        shards.set(name, buckets);
      }
      return work(buckets);
    },
  };
}

/** More shards than an account may have. The shard that was quiet for longest gets fresh buckets. */
const shardsMax = 100_000;

export type ShardBuckets = Readonly<Record<(typeof bucketNames)[number], Bucket>>;

export const bucketNames = ['writeBytes', 'writeRecords', 'readBytes', 'readCalls', 'iterators'] as const;

/** Full ones. */
export function newBuckets(now: Millis): ShardBuckets {
  return {
    writeBytes: new Bucket(limits.shardWriteBytesPerSecond, now),
    writeRecords: new Bucket(limits.shardWriteRecordsPerSecond, now),
    readBytes: new Bucket(limits.shardReadBytesPerSecond, now),
    readCalls: new Bucket(limits.shardReadCallsPerSecond, now),
    iterators: new Bucket(limits.shardIteratorCallsPerSecond, now),
  };
}

/** Holds at most one second's worth. More may be taken than it holds: then the next seconds pay for it. */
export class Bucket {
  readonly #perSecond: number;
  #held: number;
  #filledAt: Millis;

  constructor(perSecond: number, now: Millis) {
    this.#perSecond = perSecond;
    this.#held = perSecond;
    this.#filledAt = now;
  }

  /**
   * An amount above a second's worth (a large record) passes when nothing is owed: it does not wait for a
   * full bucket, which small records would never leave.
   */
  holds(amount: number, now: Millis): boolean {
    this.#held = Math.min(this.#perSecond, this.#held + ((now - this.#filledAt) / 1000) * this.#perSecond);
    this.#filledAt = now;
    return amount > this.#perSecond ? this.#held > 0 : this.#held >= amount;
  }

  take(amount: number): void {
    this.#held -= amount;
  }

  /** Restores what `save` put into two cells. */
  load(cells: Float64Array, at: number): void {
    this.#held = cells[at]!;
    this.#filledAt = cells[at + 1]!;
  }

  save(cells: Float64Array, at: number): void {
    cells[at] = this.#held;
    cells[at + 1] = this.#filledAt;
  }

  /**
   * Takes an amount that is known only afterwards. Above a second's worth, savings do not reduce it: 10 MiB
   * take 5 s at 2 MiB/s.
   */
  owe(amount: number): void {
    if (amount > this.#perSecond) this.#held = Math.min(this.#held, 0);
    this.#held -= amount;
  }
}
