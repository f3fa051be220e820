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
  /** Whether nothing of a stream is counted, by its id. */
  isFree(stream: string): boolean;
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
  isFree: () => true,
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
  ratesOf: RatesOf = () => awsRates,
): LocalThrottle {
  return {
    isFree: (stream) => ratesOf(stream) === undefined,
    mayWrite(key, size) {
      const rates = ratesOf(key.stream);
      if (rates === undefined) return true;
      return buckets.use(key, ({ writeBytes, writeRecords }) => {
        const now = clock.monotonic();
        const one = counters(key);
        const bytes = size * one;
        if (!writeBytes.holds(bytes, now, rates.writeBytes)) return false;
        if (!writeRecords.holds(one, now, rates.writeRecords)) return false;
        writeBytes.take(bytes);
        writeRecords.take(one);
        return true;
      });
    },
    mayRead(key) {
      const rates = ratesOf(key.stream);
      if (rates === undefined) return true;
      return buckets.use(key, ({ readBytes, readCalls }) => {
        const now = clock.monotonic();
        const one = counters(key);
        if (!readBytes.holds(1, now, rates.readBytes) || !readCalls.holds(one, now, rates.readCalls))
          return false;
        readCalls.take(one);
        return true;
      });
    },
    didRead(key, bytes) {
      const rates = ratesOf(key.stream);
      if (rates === undefined) return;
      buckets.use(key, ({ readBytes }) => readBytes.owe(bytes * counters(key), rates.readBytes));
    },
    mayIterate(key) {
      const rates = ratesOf(key.stream);
      if (rates === undefined) return true;
      return buckets.use(key, ({ iterators }) => {
        const one = counters(key);
        if (!iterators.holds(one, clock.monotonic(), rates.iterators)) return false;
        iterators.take(one);
        return true;
      });
    },
  };
}

/** What the shards of a stream take and give in a second, by its id; undefined for whatever comes. */
export type RatesOf = (stream: string) => ShardRates | undefined;

/** Infinity is no limit. */
export type ShardRates = Readonly<Record<BucketName, number>>;

/** AWS's for all shards. */
export const awsRates: ShardRates = {
  writeBytes: limits.shardWriteBytesPerSecond,
  writeRecords: limits.shardWriteRecordsPerSecond,
  readBytes: limits.shardReadBytesPerSecond,
  readCalls: limits.shardReadCallsPerSecond,
  iterators: limits.shardIteratorCallsPerSecond,
};

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

type BucketName = (typeof bucketNames)[number];

export type ShardBuckets = Readonly<Record<BucketName, Bucket>>;

export const bucketNames = ['writeBytes', 'writeRecords', 'readBytes', 'readCalls', 'iterators'] as const;

/** Full ones. */
export function newBuckets(now: Millis): ShardBuckets {
  return {
    writeBytes: new Bucket(now),
    writeRecords: new Bucket(now),
    readBytes: new Bucket(now),
    readCalls: new Bucket(now),
    iterators: new Bucket(now),
  };
}

/** Holds at most one second's worth. More may be taken than it holds: then the next seconds pay for it. */
export class Bucket {
  /** A full one holds a second's worth, whatever that is when it is asked. */
  #held = Number.POSITIVE_INFINITY;
  #filledAt: Millis;

  constructor(now: Millis) {
    this.#filledAt = now;
  }

  /**
   * An amount above a second's worth (a large record) passes when nothing is owed: it does not wait for a
   * full bucket, which small records would never leave.
   */
  holds(amount: number, now: Millis, perSecond: number): boolean {
    if (perSecond === Number.POSITIVE_INFINITY) this.#held = perSecond;
    else this.#held = Math.min(perSecond, this.#held + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
    return amount > perSecond ? this.#held > 0 : this.#held >= amount;
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
  owe(amount: number, perSecond: number): void {
    this.#held = Math.min(this.#held, amount > perSecond ? 0 : perSecond) - amount;
  }
}
