import { strict as assert } from 'node:assert';
import { crc32 } from 'node:zlib';
import type { Extent, Segment, SegmentIndex } from '../segment.ts';
import {
  decodeShardStates,
  encodeShardStates,
  type ShardState,
  type ShardStates,
  shardStatesEnd,
} from '../shard-state.ts';
import { SparseIndex } from './sparse-index.ts';
import { getU64, readU64, writeU64 } from './u64.ts';

/** What a finished segment says about itself, so that nobody needs to read it from the start. */
export type Footer = {
  readonly standings: Map<number, ShardState>;
  readonly extents: readonly Omit<Extent, 'segment'>[];
};

/**
 * The payload of a footer: the standings at the segment's end, then
 *
 *   u32 number of shards with records here | u32 reserved, 0 | for each:
 *   u32 shard | u32 number of index entries | u64 first offset | u64 next offset
 *   u64 first arrival | u64 last arrival, and for each index entry: u64 offset | u64 arrival | u64 position
 */
export function encodeFooter(segment: Segment, standings: ShardStates): Buffer {
  assert(segment.index !== undefined);
  const parts = [encodeShardStates(standings), Buffer.alloc(headBytes)];
  parts[1]!.writeUInt32BE(segment.extents.size, 0);
  for (const extent of segment.extents.values())
    parts.push(encodeExtent(extent, segment.index.get(extent.shard)!));
  return Buffer.concat(parts);
}

function encodeExtent(extent: Extent, index: SparseIndex): Buffer {
  const bytes = Buffer.alloc(extentBytes + index.size * indexEntryBytes);
  bytes.writeUInt32BE(extent.shard, 0);
  bytes.writeUInt32BE(index.size, 4);
  writeU64(bytes, extent.first, 8);
  writeU64(bytes, extent.next, 16);
  writeU64(bytes, extent.firstArrival, 24);
  writeU64(bytes, extent.lastArrival, 32);
  let at = extentBytes;
  for (const { offset, arrival, position } of index.entries()) {
    writeU64(bytes, offset, at);
    writeU64(bytes, arrival, at + 8);
    writeU64(bytes, position, at + 16);
    at += indexEntryBytes;
  }
  return bytes;
}

export function decodeFooter(payload: Buffer): Footer {
  const { standings, end } = decodeShardStates(payload);
  const extents: Omit<Extent, 'segment'>[] = [];
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  for (const at of extentsIn(view, end)) {
    extents.push({
      shard: view.getUint32(at),
      first: getU64(view, at + 8),
      next: getU64(view, at + 16),
      firstArrival: getU64(view, at + 24),
      lastArrival: getU64(view, at + 32),
    });
  }
  return { standings, extents };
}

/** The index entries of a footer: most of it, and no part of what a start wants to know. */
export function decodeFooterIndex(payload: Buffer): SegmentIndex {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const index: SegmentIndex = new Map();
  for (const at of extentsIn(view, shardStatesEnd(payload))) {
    index.set(view.getUint32(at), decodeIndex(view, at + extentBytes, view.getUint32(at + 4)));
  }
  return index;
}

/** Where the shards' extents begin. */
function* extentsIn(view: DataView, begin: number): Generator<number> {
  let at = begin + headBytes;
  for (let left = view.getUint32(begin); left > 0; left--) {
    yield at;
    at += extentBytes + view.getUint32(at + 4) * indexEntryBytes;
  }
  assert(at === view.byteLength);
}

function decodeIndex(view: DataView, at: number, entries: number): SparseIndex {
  const index = new SparseIndex(0);
  for (let end = at + entries * indexEntryBytes; at < end; at += indexEntryBytes) {
    const offset = getU64(view, at);
    index.note({ offset, arrival: getU64(view, at + 8), position: getU64(view, at + 16) });
  }
  return index;
}

/**
 * Where to divide a finished segment that ends at `end`, so that each part begins with a frame and none is
 * longer than `blockBytes` where that can be; the last entry is `end`.
 */
export function blockBorders(index: SegmentIndex, end: number, blockBytes: number): number[] {
  const positions = [...candidates(index, end, blockBytes / 16), end];
  const borders = [positions[0]!];
  for (const [at, position] of positions.entries()) {
    const isTooLate = positions[at + 1]! - borders.at(-1)! > blockBytes;
    if ((isTooLate && position > borders.at(-1)!) || position === end) borders.push(position);
  }
  return borders;
}

/** Positions of index entries, ascending: the very first, and one in each step of so many bytes that has any. */
function candidates(index: SegmentIndex, end: number, stepBytes: number): number[] {
  const chosen = new Array<number>(Math.ceil(end / stepBytes)).fill(end);
  let missing = chosen.length;
  for (const shard of index.values()) {
    for (const position of shard.positions) {
      const step = Math.floor(position / stepBytes);
      if (chosen[step] !== end) continue;
      chosen[step] = position;
      missing--;
    }
    if (missing === 0) break;
  }
  let first = end;
  for (const { positions } of index.values()) first = Math.min(first, positions[0]!);
  return [first, ...chosen.filter((position) => position > first && position < end)];
}

/**
 * The last bytes of a finished segment:
 *
 *   u64 position of the footer | u32 magic, "MLRT" | u32 CRC-32 of the 12 before
 */
export function encodeTrailer(footerPosition: number): Buffer {
  const bytes = Buffer.alloc(trailerBytes);
  writeU64(bytes, footerPosition, 0);
  bytes.writeUInt32BE(trailerMagic, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 12)), 12);
  return bytes;
}

/** The position of the footer, undefined when the bytes are no trailer. */
export function decodeTrailer(bytes: Buffer): number | undefined {
  if (bytes.length < trailerBytes || bytes.readUInt32BE(8) !== trailerMagic) return undefined;
  if (crc32(bytes.subarray(0, 12)) !== bytes.readUInt32BE(12)) return undefined;
  return readU64(bytes, 0);
}

export const trailerBytes = 8 + 4 + 4;
const trailerMagic = 0x4d4c5254;
const headBytes = 4 + 4;
const extentBytes = 4 + 4 + 8 + 8 + 8 + 8;
const indexEntryBytes = 8 + 8 + 8;
