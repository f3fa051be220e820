import { strict as assert } from 'node:assert';
import type { Draft } from '../journal/state-machine.ts';
import type { ClusterState, DroppedStream, MemberState } from './cluster-state.ts';
import type { ClusterEdit } from './edit.ts';
import { applyToStream, restoredStream } from './placed-stream.ts';

/**
 * A state to be changed by many edits: a map of it is copied before the first that changes it. All that it
 * makes of edits follows from these alone: there are no clocks here, and no chance.
 */
export class ClusterDraft implements Draft<ClusterState, ClusterEdit> {
  #state: ClusterState;
  #own: Partial<ClusterMaps> = {};

  constructor(state: ClusterState) {
    this.#state = state;
  }

  get state(): ClusterState {
    return this.#state;
  }

  apply(edit: ClusterEdit): void {
    switch (edit.kind) {
      case 'joined':
      case 'beat':
      case 'left':
      case 'member':
        this.#changeMember(edit);
        break;
      case 'claimed':
      case 'yielded':
      case 'duty-forgotten':
      case 'duty':
        this.#changeDuty(edit);
        break;
      case 'dropped':
        this.#drop(edit.stream);
        break;
      case 'forgotten':
        this.#forget(edit.stream);
        break;
      case 'dropped-stream':
        this.#restoreDropped(edit);
        break;
      case 'counted':
        this.#state = { ...this.#state, nextMember: edit.nextMember, closings: edit.closings };
        break;
      case 'stream':
        this.#restoreStream(edit);
        break;
      default:
        this.#changeStream(edit);
        break;
    }
  }

  finish(version: number): ClusterState {
    this.#own = {};
    this.#state = { ...this.#state, version };
    return this.#state;
  }

  #changeMember(edit: MemberEdit): void {
    const members = this.#map('members');
    const { closings, nextMember } = this.#state;
    const known = members.get(edit.member);
    switch (edit.kind) {
      case 'joined': {
        assert(edit.member === nextMember);
        const { member: number, as } = edit;
        members.set(number, { number, as, beats: 1, drained: closings });
        this.#state = { ...this.#state, nextMember: nextMember + 1 };
        return;
      }
      case 'member':
        members.set(edit.member, {
          number: edit.member,
          as: edit.as,
          beats: edit.beats,
          drained: edit.drained,
        });
        return;
      case 'beat':
        assert(known !== undefined);
        members.set(edit.member, withBeat(known, edit.drained, closings));
        return;
      case 'left':
        assert(members.delete(edit.member));
        this.#freeDuties(edit.member);
        return;
    }
  }

  #freeDuties(member: number): void {
    for (const [duty, { holder, number }] of this.#state.duties) {
      if (holder === member) this.#map('duties').set(duty, { number, holder: undefined });
    }
  }

  #changeDuty(edit: DutyEdit): void {
    const duties = this.#map('duties');
    const { holder, number } = duties.get(edit.duty) ?? { holder: undefined, number: 0 };
    switch (edit.kind) {
      case 'claimed':
        assert(holder === undefined);
        assert(this.#state.members.has(edit.member));
        duties.set(edit.duty, { number: number + 1, holder: edit.member });
        return;
      case 'yielded':
        assert(holder === edit.member);
        duties.set(edit.duty, { number, holder: undefined });
        return;
      case 'duty-forgotten':
        assert(holder === undefined);
        assert(duties.delete(edit.duty));
        return;
      case 'duty':
        // JSON has no undefined.
        duties.set(edit.duty, { number: edit.number, holder: edit.holder ?? undefined });
        return;
    }
  }

  #changeStream(edit: Parameters<typeof applyToStream>[1]): void {
    assert(!this.#state.dropped.has(edit.stream));
    const closings = edit.kind === 'closing' ? this.#state.closings + 1 : this.#state.closings;
    const before = this.#state.streams.get(edit.stream);
    this.#map('streams').set(edit.stream, applyToStream(before, edit, closings));
    if (edit.kind === 'closing') {
      this.#map('closing').set(closings, { stream: edit.stream, shards: [edit.shard] });
      this.#state = { ...this.#state, closings };
    }
    if (edit.kind === 'sealed') this.#map('closing').delete(before!.places.get(edit.shard)!.closing!);
  }

  #restoreStream(edit: Extract<ClusterEdit, { kind: 'stream' }>): void {
    const stream = restoredStream(edit);
    this.#map('streams').set(edit.stream, stream);
    for (const [shard, { closing, state }] of stream.places) {
      if (state === 'closing') this.#map('closing').set(closing!, { stream: edit.stream, shards: [shard] });
    }
  }

  #drop(stream: string): void {
    const { streams, closings } = this.#state;
    const shards = [...(streams.get(stream)?.places ?? [])];
    for (const [, { state, closing }] of shards)
      if (state === 'closing') this.#map('closing').delete(closing!);
    if (streams.has(stream)) this.#map('streams').delete(stream);
    this.#state = { ...this.#state, closings: closings + 1 };
    this.#putDropped(stream, { closing: closings + 1, shards: shards.map(([shard]) => shard) });
  }

  #restoreDropped({ stream, closing, shards }: Extract<ClusterEdit, { kind: 'dropped-stream' }>): void {
    this.#putDropped(stream, { closing: closing ?? undefined, shards });
  }

  #putDropped(stream: string, dropped: DroppedStream): void {
    this.#map('dropped').set(stream, dropped);
    const { closing, shards } = dropped;
    if (closing !== undefined) this.#map('closing').set(closing, { stream, shards });
  }

  #forget(stream: string): void {
    const dropped = this.#map('dropped');
    const known = dropped.get(stream);
    if (known?.closing === undefined) return;
    this.#map('closing').delete(known.closing);
    // The one that was forgotten last is the youngest.
    dropped.delete(stream);
    dropped.set(stream, { closing: undefined, shards: [] });
    if (dropped.size <= droppedMax) return;
    for (const [oldest, { closing }] of dropped) {
      if (closing !== undefined) continue;
      dropped.delete(oldest);
      return;
    }
  }

  #map<Name extends keyof ClusterMaps>(name: Name): ClusterMaps[Name] {
    const own = this.#own[name];
    if (own !== undefined) return own;
    const maps = copied(this.#state, name);
    this.#own = { ...this.#own, ...maps };
    this.#state = { ...this.#state, ...maps };
    return this.#own[name]!;
  }
}

/** More than are dropped while a call is under way anywhere. */
export const droppedMax = 10_000;

type MemberEdit = Extract<ClusterEdit, { kind: 'joined' | 'beat' | 'left' | 'member' }>;

type DutyEdit = Extract<ClusterEdit, { kind: 'claimed' | 'yielded' | 'duty-forgotten' | 'duty' }>;

type ClusterMaps = {
  [Name in 'members' | 'duties' | 'streams' | 'dropped' | 'closing']: ClusterState[Name] extends ReadonlyMap<
    infer Key,
    infer Value
  >
    ? Map<Key, Value>
    : never;
};

function copied(state: ClusterState, name: keyof ClusterMaps): Partial<ClusterMaps> {
  switch (name) {
    case 'members':
      return { members: new Map(state.members) };
    case 'duties':
      return { duties: new Map(state.duties) };
    case 'streams':
      return { streams: new Map(state.streams) };
    case 'dropped':
      return { dropped: new Map(state.dropped) };
    case 'closing':
      return { closing: new Map(state.closing) };
  }
}

function withBeat(member: MemberState, drained: number | undefined, closings: number): MemberState {
  assert(drained === undefined || drained <= closings);
  return { ...member, beats: member.beats + 1, drained: Math.max(member.drained, drained ?? 0) };
}
