import { strict as assert } from 'node:assert';
import type { Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import { type FrameContent, frameKinds, nextOf } from './format/frame.ts';
import { readU64, writeU64 } from './format/u64.ts';

/** Where a shard stands at some point of its stream's log: it outlives the records that led there. */
export type ShardState = {
  readonly shard: number;
  readonly next: Offset;
  readonly lastArrival: Millis;
  readonly sealed: boolean;
};

/** States by shard. A shard that is not in it never held anything and is not sealed. */
export type ShardStates = ReadonlyMap<number, ShardState>;

export function untouched(shard: number): ShardState {
  return { shard, next: 0, lastArrival: Number.NEGATIVE_INFINITY, sealed: false };
}

/** The state of a shard after a frame of its records, or its seal. */
export function stateAfter(state: ShardState, frame: FrameContent): ShardState {
  return frame.kind === frameKinds.seal
    ? { ...state, next: frame.first, sealed: true }
    : { ...state, next: nextOf(frame), lastArrival: frame.arrival };
}

/**
 * The payload of a checkpoint, and the beginning of a footer's:
 *
 *   u32 number of shards | u32 reserved, 0 | for each, by shard:
 *   u32 shard | u32 flags, 1: sealed | u64 next offset | u64 last arrival, 0 when next is 0
 */
export function encodeShardStates(states: ShardStates): Buffer {
  const sorted = [...states.values()].sort((one, other) => one.shard - other.shard);
  const bytes = Buffer.alloc(headBytes + sorted.length * stateBytes);
  bytes.writeUInt32BE(sorted.length, 0);
  for (const [index, state] of sorted.entries()) {
    const at = headBytes + index * stateBytes;
    bytes.writeUInt32BE(state.shard, at);
    bytes.writeUInt32BE(state.sealed ? sealedFlag : 0, at + 4);
    writeU64(bytes, state.next, at + 8);
    writeU64(bytes, state.next === 0 ? 0 : state.lastArrival, at + 16);
  }
  return bytes;
}

/** The states that `bytes` begins with, and where they end. */
export function decodeShardStates(bytes: Buffer): { states: Map<number, ShardState>; end: number } {
  const count = bytes.readUInt32BE(0);
  const states = new Map<number, ShardState>();
  for (let index = 0; index < count; index++) {
    const at = headBytes + index * stateBytes;
    const shard = bytes.readUInt32BE(at);
    const next = readU64(bytes, at + 8);
    const arrival = readU64(bytes, at + 16);
    assert(Number.isSafeInteger(next));
    assert(Number.isSafeInteger(arrival));
    states.set(shard, {
      shard,
      next,
      lastArrival: next === 0 ? Number.NEGATIVE_INFINITY : arrival,
      sealed: bytes.readUInt32BE(at + 4) === sealedFlag,
    });
  }
  assert(states.size === count);
  return { states, end: shardStatesEnd(bytes) };
}

/** Where the states end that `bytes` begins with. */
export function shardStatesEnd(bytes: Buffer): number {
  return headBytes + bytes.readUInt32BE(0) * stateBytes;
}

const headBytes = 4 + 4;
const stateBytes = 4 + 4 + 8 + 8;
const sealedFlag = 1;
