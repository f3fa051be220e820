import type { Millis } from '../../env/clock.ts';
import type { HashKey } from '../../kinesis/hash-key.ts';
import type { Offset } from '../../kinesis/record.ts';

/**
 * What was counted of a shard or a stream since counting began, by one thread, one server or all of them: all
 * only ever grow, so rates are differences. Bytes are those of partition keys and data.
 */
export type Counts = {
  /** Records that were acknowledged. */
  readonly recordsIn: number;
  readonly bytesIn: number;
  /**
   * What AWS bills of a provisioned stream: payload units of 25 KB (25,600 bytes), each record rounded up
   * (AWS, "Amazon Kinesis Data Streams pricing": a 45 KB record has two of them).
   */
  readonly putUnits: number;
  /**
   * What AWS bills of an on-demand stream: each record rounded up to whole KB (the same page: "rounded up to
   * the nearest 1 KB (1,024 bytes)").
   */
  readonly kilobytesIn: number;
  /** Records that were refused because of a limit of their shard. */
  readonly recordsThrottled: number;
  /** Records that GetRecords answered; those of subscriptions are counted by consumer. */
  readonly recordsOut: number;
  readonly bytesOut: number;
  /** Records and bytes that subscriptions sent, to all consumers. */
  readonly fanOutRecords: number;
  readonly fanOutBytes: number;
  /** Calls of GetRecords that were refused because of a limit of their shard. */
  readonly readsThrottled: number;
};

export const noCounts: Counts = {
  ...{ recordsIn: 0, bytesIn: 0, putUnits: 0, kilobytesIn: 0, recordsThrottled: 0 },
  ...{ recordsOut: 0, bytesOut: 0, fanOutRecords: 0, fanOutBytes: 0, readsThrottled: 0 },
};

/** The index by which a stream's shards are counted, all in one, that have expired. */
export const expiredShards = -1;

/** A partition key that comes often in a shard, by the Space-Saving sketch (Metwally et al., 2005). */
export type HotKey = {
  readonly key: string;
  /** Where it lies: keys are told apart by their hash keys, since that is where a shard can be split. */
  readonly hashKey: HashKey;
  /**
   * Its share of the records that were looked at lately, from 0 to 1; `error` is how much of it may be
   * others'.
   */
  readonly share: number;
  readonly error: number;
};

/** How puts to a shard spread over its hash keys lately. */
export type ShardHeat = {
  /** The hottest first; keys that came once are none. */
  readonly hotKeys: readonly HotKey[];
  /** Where a split would halve the load; undefined where one key is most of it, or nothing is known. */
  readonly splitAt: HashKey | undefined;
};

/** How long calls of an operation took, and what came of them, since counting began. */
export type OperationCounts = {
  /** As IAM names it: `kinesis:PutRecords`. */
  readonly operation: string;
  readonly calls: number;
  /** Answers of 400 and of 500 and more. */
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly throttled: number;
  /**
   * Calls by how long they took: `buckets[i]` are those of at most `bucketSeconds[i]`, the last the others.
   */
  readonly buckets: readonly number[];
  readonly seconds: number;
};

/** The upper ends of the buckets in seconds; one more bucket is for what took longer. */
export const bucketSeconds: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** A reader of a shard, as far as a server saw it. */
export type ReaderCounts = {
  readonly stream: string;
  readonly shard: number;
  /** `fan-out` is a registered consumer, by its name; `polling` calls GetRecords, by who called. */
  readonly kind: 'polling' | 'fan-out';
  readonly name: string;
  readonly records: number;
  readonly bytes: number;
  /** How old the last record was that it got, or 0 at the tip, in milliseconds. */
  readonly ageMs: Millis;
  /** Where it reads on. */
  readonly next: Offset;
  /** When it read last, in milliseconds since 1970. */
  readonly at: Millis;
};

/**
 * Who puts into a stream: the ARN of the caller, or what its client says it is where nobody has to prove who
 * he is.
 */
export type ProducerCounts = {
  readonly stream: string;
  readonly name: string;
  /** Records that were acknowledged, and their bytes. */
  readonly records: number;
  readonly bytes: number;
  readonly at: Millis;
};

/** A call that took long. */
export type SlowCall = {
  readonly at: Millis;
  readonly operation: string;
  readonly resource: string | undefined;
  readonly caller: string;
  readonly millis: Millis;
  readonly requestId: string;
};

/** A limit that refused something. */
export type LimitHit = {
  /**
   * The error's name, and the operation that was refused: `LimitExceededException of kinesis:ListStreams`.
   */
  readonly limit: string;
  readonly resource: string | undefined;
  readonly count: number;
  readonly lastAt: Millis;
};

/** All that a meter has counted. Shards are by their stream's id and index. */
export type Reading = {
  /** Since when, in milliseconds since 1970: the oldest of the threads and servers that were asked. */
  readonly since: Millis;
  /** With one of index `expiredShards` for each stream that had some. */
  readonly shards: readonly ShardCounts[];
  readonly operations: readonly OperationCounts[];
  /** Those that read within the last hour, and likewise those that put. */
  readonly readers: readonly ReaderCounts[];
  readonly producers: readonly ProducerCounts[];
  /** The slowest calls lately, the newest first, and the limits that were hit lately. */
  readonly slowCalls: readonly SlowCall[];
  readonly limitsHit: readonly LimitHit[];
};

export type ShardCounts = Counts & { readonly stream: string; readonly shard: number };

/** Where what meters have counted is asked for. */
export interface MeterReadings {
  /**
   * All that was counted by this server's threads, or by all gateways of its cluster that can be asked;
   * alone, that is the same. Made in steps, so that no other work waits for long. Never rejects.
   */
  read(of: 'server' | 'cluster'): Promise<Reading>;
  /**
   * Of a stream by its id, by shard index, those shards that were put to lately, of the cluster. Never
   * rejects.
   */
  heatOf(stream: string): Promise<ReadonlyMap<number, ShardHeat>>;
}
