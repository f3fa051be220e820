import { strict as assert } from 'node:assert';
import type { Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import { readU64, writeU64 } from './format/u64.ts';

/** Where a shard stands at some point of its stream's log: it outlives the records that led there. */
export type ShardState = {
  readonly shard: number;
  readonly next: Offset;
  readonly lastArrival: Millis;
  readonly sealed: boolean;
};

/** ShardStates by shard. A shard that is not in it never held anything and is not sealed. */
export type ShardStates = ReadonlyMap<number, ShardState>;

export function untouched(shard: number): ShardState {
  return { shard, next: 0, lastArrival: Number.NEGATIVE_INFINITY, sealed: false };
}

/**
 * The payload of a checkpoint, and the beginning of a footer's:
 *
 *   u32 number of shards | u32 reserved, 0 | for each, by shard:
 *   u32 shard | u32 flags, 1: sealed | u64 next offset | u64 last arrival, 0 when next is 0
 */
export function encodeShardStates(standings: ShardStates): Buffer {
  const sorted = [...standings.values()].sort((one, other) => one.shard - other.shard);
  const bytes = Buffer.alloc(headBytes + sorted.length * standingBytes);
  bytes.writeUInt32BE(sorted.length, 0);
  for (const [index, standing] of sorted.entries()) {
    const at = headBytes + index * standingBytes;
    bytes.writeUInt32BE(standing.shard, at);
    bytes.writeUInt32BE(standing.sealed ? sealedFlag : 0, at + 4);
    writeU64(bytes, standing.next, at + 8);
    writeU64(bytes, standing.next === 0 ? 0 : standing.lastArrival, at + 16);
  }
  return bytes;
}

/** The standings that `bytes` begins with, and where they end. */
export function decodeShardStates(bytes: Buffer): { standings: Map<number, ShardState>; end: number } {
  const count = bytes.readUInt32BE(0);
  const standings = new Map<number, ShardState>();
  for (let index = 0; index < count; index++) {
    const at = headBytes + index * standingBytes;
    const shard = bytes.readUInt32BE(at);
    const next = readU64(bytes, at + 8);
    standings.set(shard, {
      shard,
      next,
      lastArrival: next === 0 ? Number.NEGATIVE_INFINITY : readU64(bytes, at + 16),
      sealed: bytes.readUInt32BE(at + 4) === sealedFlag,
    });
  }
  assert(standings.size === count);
  return { standings, end: shardStatesEnd(bytes) };
}

/** Where the standings end that `bytes` begins with. */
export function shardStatesEnd(bytes: Buffer): number {
  return headBytes + bytes.readUInt32BE(0) * standingBytes;
}

const headBytes = 4 + 4;
const standingBytes = 4 + 4 + 8 + 8;
const sealedFlag = 1;
