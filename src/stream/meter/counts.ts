/**
 * What was counted of a shard or a stream since counting began, by one thread, one server or all of them: all
 * only ever grow, so rates are differences. Bytes are those of partition keys and data.
 */
export type Counts = {
  /** Records that were acknowledged. */
  readonly recordsIn: number;
  readonly bytesIn: number;
  /** What AWS bills of a provisioned stream: payload units of 25 KB, each record rounded up. */
  readonly putUnits: number;
  /** What AWS bills of an on-demand stream: each record rounded up to whole KB. */
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

/** A partition key that comes often in a shard, by the Space-Saving sketch (Metwally et al., 2005). */
export type HotKey = {
  readonly key: string;
  /** Its share of the records that were looked at lately, from 0 to 1; `error` is how much of it may be others'. */
  readonly share: number;
  readonly error: number;
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
  /** Calls by how long they took: `buckets[i]` are those of at most `bucketSeconds[i]`, the last the others. */
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
  readonly ageMs: number;
  /** When it read last, in milliseconds since 1970. */
  readonly at: number;
};

/** All that a meter has counted. Shards are by their stream's id and index. */
export type Reading = {
  /** Since when, in milliseconds since 1970: the oldest of the threads and servers that were asked. */
  readonly since: number;
  readonly shards: readonly ({ readonly stream: string; readonly shard: number } & Counts)[];
  readonly operations: readonly OperationCounts[];
  readonly readers: readonly ReaderCounts[];
};
