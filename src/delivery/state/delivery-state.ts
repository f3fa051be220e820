import type { Millis } from '../../env/clock.ts';
import type { FactEdit, Facts } from '../../journal/facts.ts';
import type { Journal } from '../../journal/journal.ts';
import type { Offset } from '../../kinesis/record.ts';
import type { DeliveryStreamRecord } from './delivery-stream.ts';

/** What deliveries keep. Keys: see each kind. */
export type DeliveryKinds = {
  /** Delivery streams of Firehose, by `deliveryStreamKeyOf`. */
  readonly stream: DeliveryStreamRecord;
  /** By the id of the delivery (`DeliverySpec.id`). */
  readonly progress: DeliveryProgress;
};

export type DeliveryState = Facts<DeliveryKinds>;
export type DeliveryEdit = FactEdit<DeliveryKinds>;
/** Several gateways may write to it, each of which reads all of it. */
export type DeliveryJournal = Journal<DeliveryState, DeliveryEdit>;

/** `account/region/name`, where names have no slash. */
export function deliveryStreamKeyOf(of: { account: string; region: string; name: string }): string {
  return `${of.account}/${of.region}/${of.name}`;
}

/**
 * How far a delivery has come. Every record before `done` is in exactly one object that was committed, or in
 * one with errors, or was dropped by a function. Said as a whole, compared with what the delivery knew: who
 * finds another one has lost the delivery.
 */
export type DeliveryProgress = {
  /** The stream's id. */
  readonly stream: string;
  readonly done: Positions;
  /** The number of the next chunk. */
  readonly nextChunk: number;
  /**
   * What is being delivered: the next start does it again, up to the same positions, under the same names.
   */
  readonly plan?: ChunkPlan | undefined;
  /** Where a delivery ends that does so: where the shards ended when it began. It has no other shards. */
  readonly until?: Positions | undefined;
  readonly doneAt?: Millis | undefined;
};

/** By the shard's index. A shard that is not here begins at its beginning, after its parents are finished. */
export type Positions = Readonly<Record<string, ShardPosition>>;

/** `next` is the first offset that is not delivered. Finished: the shard is closed, and all of it is. */
export type ShardPosition = { readonly next: Offset; readonly isFinished?: true | undefined };

/**
 * A chunk that is about to be put: what it holds and under which names is decided, and durable, before the
 * first byte leaves. Done again after a crash it overwrites itself, so nothing is there twice.
 */
export type ChunkPlan = {
  readonly number: number;
  /** All that the chunk holds is before these; the shards that it holds nothing of are not here. */
  readonly to: Positions;
  /** When the chunk was closed: what names of objects say. */
  readonly at: Millis;
  /** Hex, of the chunk: for names, and for the request of an HTTP endpoint. */
  readonly random: string;
  readonly objects: readonly PlannedObject[];
  /** Of an earlier attempt, in which records went elsewhere: removed before the chunk is done. */
  readonly stale: readonly PlannedObject[];
};

export type PlannedObject = {
  readonly bucket: string;
  readonly key: string;
  /**
   * What of the chunk it is for, as the object that is made again of what is left of its records is, under
   * another name.
   */
  readonly of?: string | undefined;
};
