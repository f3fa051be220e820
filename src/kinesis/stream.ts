import type { Millis } from '../env/clock.ts';
import { firstWhere } from '../env/first-where.ts';
import type { StreamAddress } from './arn.ts';
import type { HashKeyRange } from './hash-key.ts';
import { limits } from './limits.ts';
import type { Offset } from './record.ts';

/** A stream, as the control plane knows it. */
export type Stream = StreamAddress &
  StreamSettings & {
    /** Unique over all streams that ever were, so that a re-created stream is another one. */
    readonly id: string;
    readonly status: StreamStatus;
    readonly createdAt: Millis;
    /** Ascending by index; without those that expired. */
    readonly shards: readonly Shard[];
    /** The index of the next shard to open; indices are never used again. */
    readonly nextShard: number;
    /** Sorted by name. */
    readonly consumers: readonly Consumer[];
    /** What a stream that is not ACTIVE is on its way to. A restart goes on with it. */
    readonly change?: StreamChange;
  };

export type StreamStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';

/** What can be set about a stream. */
export type StreamSettings = {
  readonly mode: StreamMode;
  readonly retentionHours: number;
  /** Records that arrived before are gone for good, however long the retention becomes. */
  readonly trimmedBefore: Millis;
  readonly recordSizeMaxKiB: number;
  /** Sorted by key. */
  readonly tags: readonly Tag[];
  /** The resource policy, as it was put; null without one. */
  readonly policy: string | null;
  /** The KMS key that new records are encrypted with, as it was named; null without encryption. */
  readonly encryptionKey: string | null;
  /** The shard-level metrics that are published. */
  readonly metrics: readonly string[];
  /** What chooses the shard: the partition key, or (AUTO) the service. */
  readonly distribution: Distribution;
  /** What an on-demand stream is kept ready for, in MiB/s; null when nothing was asked for. */
  readonly warmMiBps: number | null;
  /** What its shards take and give in a second, where that is not what the server's are. */
  readonly limits?: StreamLimits | undefined;
  /** When operations succeeded that may do so only so often in 24 hours. */
  readonly recent: Readonly<Record<CountedOperation, readonly Millis[]>>;
};

/**
 * Limits of a stream's own, for each of its shards. What no number is said for is as AWS has it, or without a
 * limit; where that is not said either, it is as the server has it.
 */
export type StreamLimits = {
  readonly enforced?: 'aws' | 'none' | undefined;
  readonly writeBytesPerSecond?: number | undefined;
  readonly writeRecordsPerSecond?: number | undefined;
  readonly readBytesPerSecond?: number | undefined;
  readonly readsPerSecond?: number | undefined;
};

export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';
type Distribution = 'AUTO' | 'USER_PARTITION_KEY';
export type CountedOperation = 'UpdateShardCount' | 'UpdateStreamMode' | 'StreamEncryption';
export type Tag = { readonly key: string; readonly value: string };

/** What a new stream is set to, where nothing else was asked for. */
export const newStreamSettings: StreamSettings = {
  mode: 'PROVISIONED',
  retentionHours: limits.retentionHoursMin,
  trimmedBefore: 0,
  recordSizeMaxKiB: limits.recordSizeDefaultKiB,
  tags: [],
  policy: null,
  encryptionKey: null,
  metrics: [],
  distribution: 'USER_PARTITION_KEY',
  warmMiBps: null,
  recent: { UpdateShardCount: [], UpdateStreamMode: [], StreamEncryption: [] },
};

/**
 * A registered consumer, for enhanced fan-out. Another of the same name is told apart by its second of
 * creation.
 */
export type Consumer = {
  readonly name: string;
  readonly status: 'CREATING' | 'ACTIVE' | 'DELETING';
  readonly createdAt: Millis;
  /** Since when it is on its way out of CREATING or DELETING. */
  readonly since: Millis;
  readonly tags: readonly Tag[];
  readonly policy: string | null;
};

/** A shard. It is open until it is split or merged. */
export type Shard = {
  readonly index: number;
  /**
   * None for a shard that the stream was created with, two (in AWS's order: parent, adjacent parent) after a
   * merge.
   */
  readonly parents: readonly number[];
  readonly range: HashKeyRange;
  /** A whole second: sequence numbers carry it so. */
  readonly createdAt: Millis;
  readonly closed?: Closing;
};

/**
 * How a shard ended: a whole second, the offset after its last record, and the second in which its children
 * begin.
 */
export type Closing = { readonly at: Millis; readonly end: Offset; readonly childrenAt: Millis };

/** `since` is when it was asked for. */
export type StreamChange = { readonly since: Millis } & (
  | { readonly kind: 'create'; readonly shardCount: number }
  | { readonly kind: 'split'; readonly shard: number; readonly at: bigint }
  | { readonly kind: 'merge'; readonly shards: readonly [number, number] }
  | { readonly kind: 'scale'; readonly target: number }
  | { readonly kind: 'set'; readonly settings: Partial<StreamSettings> }
  | { readonly kind: 'delete' }
);

/** The status of a stream in which a change is under way, or none. */
export function statusOf(change: StreamChange | undefined): StreamStatus {
  if (change === undefined) return 'ACTIVE';
  if (change.kind === 'create') return 'CREATING';
  return change.kind === 'delete' ? 'DELETING' : 'UPDATING';
}

/**
 * Whether a stream is a service's own: it has what was put to a delivery stream of Firehose. A name with a
 * slash is one that no request can name, so no list has it and no quota counts it.
 */
export function isHidden({ name }: Pick<Stream, 'name'>): boolean {
  return name.includes('/');
}

/** True while records can be put and read. */
export function isServing(stream: Stream): boolean {
  return stream.status === 'ACTIVE' || stream.status === 'UPDATING';
}

export function openShards(stream: Stream): Shard[] {
  return stream.shards.filter((shard) => shard.closed === undefined);
}

/** The shard of an index, by binary search; undefined when there is none, or it expired. */
export function findShard(stream: Stream, index: number): Shard | undefined {
  const { shards } = stream;
  const found = shards[firstWhere(shards.length, (at) => shards[at]!.index >= index)];
  return found?.index === index ? found : undefined;
}

/**
 * Whether nothing of a shard is left: its last record may have arrived in any millisecond of the second in
 * which it closed.
 */
export function isExpired({ closed }: Shard, horizon: Millis): boolean {
  return closed !== undefined && closed.childrenAt <= horizon;
}

/** The shards that took over from a closed one. */
export function childrenOf(stream: Stream, parent: Shard): Shard[] {
  return stream.shards.filter((shard) => shard.parents.includes(parent.index));
}

/** Records that arrived before this are no longer there. */
export function trimHorizon(stream: Stream, now: Millis): Millis {
  return Math.max(stream.trimmedBefore, now - stream.retentionHours * 3_600_000);
}
