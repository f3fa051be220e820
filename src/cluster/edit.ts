import type { KafkaOffset } from '../log/kafka/client.ts';
import type { Member } from './members.ts';
import type { Range } from './ranges.ts';

/**
 * A fact about the cluster, as journalled: what became true, not what was asked for. Members are named by
 * number, because heartbeats are most of the journal.
 */
export type ClusterEdit =
  /** The member has applied everything before, and acknowledges nothing for shards that were closing then. */
  | { readonly kind: 'joined'; readonly member: number; readonly as: Member }
  /**
   * The member lives. With `drained`, it has let end what was under way for shards that are closing, up to a
   * number of these.
   */
  | { readonly kind: 'beat'; readonly member: number; readonly drained?: number }
  /** By itself, or because it was not heard of for so long that its lease is over. Its duties are free. */
  | { readonly kind: 'left'; readonly member: number }
  /** The member does this, for the next of the duty's numbers. */
  | { readonly kind: 'claimed'; readonly duty: string; readonly member: number }
  /** The member, which did this, does it no more: it is free. */
  | { readonly kind: 'yielded'; readonly duty: string; readonly member: number }
  /** It is free, and nobody takes it. */
  | { readonly kind: 'duty-forgotten'; readonly duty: string }
  /** There is a topic for the stream's shards. */
  | {
      readonly kind: 'topic-made';
      readonly stream: string;
      readonly topic: string;
      readonly uuid: string;
      readonly partitions: number;
    }
  /** It has so many partitions. */
  | { readonly kind: 'topic-grown'; readonly stream: string; readonly partitions: number }
  | { readonly kind: 'placed'; readonly stream: string; readonly places: readonly NewPlace[] }
  /** Takes the next number of those that close. */
  | { readonly kind: 'closing'; readonly stream: string; readonly shard: number }
  | { readonly kind: 'sealed'; readonly stream: string; readonly shard: number; readonly at: KafkaOffset }
  /** Nothing of the shard is left before `from`, which is where the slot's next shard may begin. */
  | { readonly kind: 'released'; readonly stream: string; readonly shard: number; readonly from: KafkaOffset }
  /** For good. Takes the next number of those that close: all its shards do. */
  | { readonly kind: 'dropped'; readonly stream: string }
  /** Its topic is gone. */
  | { readonly kind: 'forgotten'; readonly stream: string }
  | { readonly kind: 'counted'; readonly nextMember: number; readonly closings: number }
  /** For snapshots: as a whole. */
  | {
      readonly kind: 'member';
      readonly member: number;
      readonly as: Member;
      readonly beats: number;
      readonly drained: number;
    }
  | {
      readonly kind: 'duty';
      readonly duty: string;
      readonly number: number;
      readonly holder: number | undefined;
    }
  | {
      readonly kind: 'stream';
      readonly stream: string;
      readonly topic: string;
      readonly uuid: string;
      readonly partitions: number;
      readonly fresh: number;
      readonly places: readonly WholePlace[];
      readonly free: readonly FreeSlot[];
      readonly released: readonly Range[];
    }
  /** `closing` is null once its topic is gone. */
  | {
      readonly kind: 'dropped-stream';
      readonly stream: string;
      readonly closing: number | null;
      readonly shards: readonly number[];
    };

/** `[shard, slot, base]` */
export type NewPlace = readonly [shard: number, slot: number, base: KafkaOffset];

/** Null for what is not so yet. */
export type WholePlace = readonly [...NewPlace, closing: number | null, seal: KafkaOffset | null];

/** A slot whose shard has expired; the next one begins there or later. */
export type FreeSlot = readonly [slot: number, from: KafkaOffset];

/** Whether this program knows an edit from a journal. A newer program may have written it. */
export function isKnown({ kind }: ClusterEdit): boolean {
  return kinds[kind] === true;
}

const kinds: Record<ClusterEdit['kind'], true> = {
  joined: true,
  beat: true,
  left: true,
  claimed: true,
  yielded: true,
  'duty-forgotten': true,
  'topic-made': true,
  'topic-grown': true,
  placed: true,
  closing: true,
  sealed: true,
  released: true,
  dropped: true,
  forgotten: true,
  counted: true,
  member: true,
  duty: true,
  stream: true,
  'dropped-stream': true,
};
