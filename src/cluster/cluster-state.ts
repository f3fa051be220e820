import type { Versioned } from '../journal/state-machine.ts';
import type { ShardPlace } from '../log/kafka/shard-places.ts';
import type { FreeSlot } from './edit.ts';
import type { Member } from './members.ts';
import type { Ranges } from './ranges.ts';

/** What the gateways of a cluster agree on. */
export type ClusterState = Versioned & {
  /** Numbers are not given twice. */
  readonly nextMember: number;
  /** How many shards and streams have begun to close, ever: each has a number, from 1. */
  readonly closings: number;
  readonly members: ReadonlyMap<number, MemberState>;
  readonly duties: ReadonlyMap<string, DutyState>;
  readonly streams: ReadonlyMap<string, PlacedStream>;
  /** Those dropped last, the oldest first; and all whose topic may still be there. */
  readonly dropped: ReadonlyMap<string, DroppedStream>;
  /** What is closing and has no seal yet, by number. */
  readonly closing: ReadonlyMap<number, Closing>;
};

export type MemberState = {
  readonly number: number;
  readonly as: Member;
  /** How many heartbeats there were: it is not the same for long while the member lives. */
  readonly beats: number;
  /** It has drained what was closing, up to this number. */
  readonly drained: number;
};

export type DutyState = {
  /** Of who holds it now; one higher each time. */
  readonly number: number;
  readonly holder: number | undefined;
};

/** A stream's topic. Its partitions are slots, in each of which at most one shard is at a time. */
export type PlacedStream = {
  readonly topic: string;
  readonly uuid: string;
  readonly partitions: number;
  /** The slots from this one on were never used. */
  readonly fresh: number;
  /** By shard. */
  readonly places: ReadonlyMap<number, Place>;
  /** Slots whose shard has expired. */
  readonly free: readonly FreeSlot[];
  /** Shards that had a place and have expired. */
  readonly released: Ranges;
};

export type Place = ShardPlace & {
  /** The number under which it closes, or has closed. */
  readonly closing: number | undefined;
};

export type DroppedStream = {
  /** The number under which its shards close; undefined once the topic is gone. */
  readonly closing: number | undefined;
  readonly shards: readonly number[];
};

/** Shards that close together. */
export type Closing = { readonly stream: string; readonly shards: readonly number[] };

export const emptyCluster: ClusterState = {
  version: 0,
  nextMember: 1,
  closings: 0,
  members: new Map(),
  duties: new Map(),
  streams: new Map(),
  dropped: new Map(),
  closing: new Map(),
};

/** A process is one member at a time: one that was taken for gone joins anew, under another number. */
export function memberOf(state: ClusterState, id: string): MemberState | undefined {
  for (const member of state.members.values()) if (member.as.id === id) return member;
  return undefined;
}

/**
 * Whether every member has drained what closes under a number. Of one of them it may be known better than it
 * was said.
 */
export function isDrained(
  state: ClusterState,
  closing: number,
  known?: { readonly id: string; readonly drained: number },
): boolean {
  for (const { as, drained } of state.members.values()) {
    const isKnown = as.id === known?.id && known.drained >= closing;
    if (drained < closing && !isKnown) return false;
  }
  return true;
}
