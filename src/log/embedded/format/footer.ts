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

/** What a finished segment says about itself, so that a start need not read all of it. */
type Footer = {
  readonly states: Map<number, ShardState>;
  readonly extents: readonly Omit<Extent, 'segment'>[];
  /** The positions of the key frames, by the keys' ids. */
  readonly keys: ReadonlyMap<number, number>;
};

/**
 * The payload of a footer: the states at the segment's end, then
 *
 *   u32 number of keys | u32 reserved, 0 | keys
 *   u32 number of shards with records here | u32 reserved, 0 | for each: its extent, its index entries
 */
export function encodeFooter(segment: Segment, states: ShardStates): Buffer {
  assert(segment.index !== undefined);
  const parts = [encodeShardStates(states), encodeKeys(segment), Buffer.alloc(headBytes)];
  parts[2]!.writeUInt32BE(segment.extents.size, 0);
  for (const extent of segment.extents.values())
    parts.push(encodeExtent(extent, segment.index.get(extent.shard)!));
  return Buffer.concat(parts);
}

/** Where the fields of a key begin. */
const keyField = {
  id: 0, // u32; a reserved one follows, 0
  position: 8, // u64: of the key's frame
  end: 16,
} as const;

/** Where the fields of a shard's extent begin. */
const extentField = {
  shard: 0, // u32
  indexEntries: 4, // u32
  first: 8, // u64, an offset
  next: 16, // u64, an offset
  firstArrival: 24, // u64
  lastArrival: 32, // u64
  end: 40,
} as const;

/** Where the fields of an index entry begin. */
const entryField = {
  offset: 0, // u64
  arrival: 8, // u64
  position: 16, // u64
  end: 24,
} as const;

function encodeKeys({ keys }: Segment): Buffer {
  const bytes = Buffer.alloc(headBytes + keys.size * keyField.end);
  bytes.writeUInt32BE(keys.size, 0);
  let at = headBytes;
  for (const [id, { position }] of keys) {
    bytes.writeUInt32BE(id, at + keyField.id);
    writeU64(bytes, position, at + keyField.position);
    at += keyField.end;
  }
  return bytes;
}

function encodeExtent(extent: Extent, index: SparseIndex): Buffer {
  const bytes = Buffer.alloc(extentField.end + index.size * entryField.end);
  bytes.writeUInt32BE(extent.shard, extentField.shard);
  bytes.writeUInt32BE(index.size, extentField.indexEntries);
  writeU64(bytes, extent.first, extentField.first);
  writeU64(bytes, extent.next, extentField.next);
  writeU64(bytes, extent.firstArrival, extentField.firstArrival);
  writeU64(bytes, extent.lastArrival, extentField.lastArrival);
  let at: number = extentField.end;
  for (const { offset, arrival, position } of index.entries()) {
    writeU64(bytes, offset, at + entryField.offset);
    writeU64(bytes, arrival, at + entryField.arrival);
    writeU64(bytes, position, at + entryField.position);
    at += entryField.end;
  }
  return bytes;
}

export function decodeFooter(payload: Buffer): Footer {
  const { states, end } = decodeShardStates(payload);
  const extents: Omit<Extent, 'segment'>[] = [];
  const view = viewOf(payload);
  for (const at of extentsIn(view, keysEnd(view, end))) {
    extents.push({
      shard: view.getUint32(at + extentField.shard),
      first: getU64(view, at + extentField.first),
      next: getU64(view, at + extentField.next),
      firstArrival: getU64(view, at + extentField.firstArrival),
      lastArrival: getU64(view, at + extentField.lastArrival),
    });
  }
  return { states, extents, keys: decodeKeys(view, end) };
}

function decodeKeys(view: DataView, begin: number): Map<number, number> {
  const keys = new Map<number, number>();
  for (let at = begin + headBytes; at < keysEnd(view, begin); at += keyField.end) {
    keys.set(view.getUint32(at + keyField.id), getU64(view, at + keyField.position));
  }
  return keys;
}

/** The index entries of a footer. They are most of it, and a start does not need them. */
export function decodeFooterIndex(payload: Buffer): SegmentIndex {
  const view = viewOf(payload);
  const index: SegmentIndex = new Map();
  for (const at of extentsIn(view, keysEnd(view, shardStatesEnd(payload)))) {
    const entries = view.getUint32(at + extentField.indexEntries);
    const shard = view.getUint32(at + extentField.shard);
    index.set(shard, decodeIndex(view, at + extentField.end, entries));
  }
  return index;
}

function viewOf(payload: Buffer): DataView {
  return new DataView(payload.buffer, payload.byteOffset, payload.length);
}

function keysEnd(view: DataView, begin: number): number {
  return begin + headBytes + view.getUint32(begin) * keyField.end;
}

/** Where the shards' extents begin. */
function* extentsIn(view: DataView, begin: number): Generator<number> {
  let at = begin + headBytes;
  for (let left = view.getUint32(begin); left > 0; left--) {
    yield at;
    at += extentField.end + view.getUint32(at + extentField.indexEntries) * entryField.end;
  }
  assert(at === view.byteLength);
}

function decodeIndex(view: DataView, at: number, entries: number): SparseIndex {
  const index = new SparseIndex(0);
  for (let end = at + entries * entryField.end; at < end; at += entryField.end) {
    const offset = getU64(view, at + entryField.offset);
    const arrival = getU64(view, at + entryField.arrival);
    index.note({ offset, arrival, position: getU64(view, at + entryField.position) });
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

/**
 * Positions of index entries, ascending: the very first, and one in each step of `stepBytes` that has any.
 */
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

/** Where the fields begin of the last bytes of a finished segment. */
const trailerField = {
  position: 0, // u64: of the footer
  magic: 8, // u32, "MLRT"
  crc: 12, // u32, of the bytes before
} as const;

export function encodeTrailer(footerPosition: number): Buffer {
  const bytes = Buffer.alloc(trailerBytes);
  writeU64(bytes, footerPosition, trailerField.position);
  bytes.writeUInt32BE(trailerMagic, trailerField.magic);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, trailerField.crc)), trailerField.crc);
  return bytes;
}

/** The position of the footer, undefined when the bytes are no trailer. */
export function decodeTrailer(bytes: Buffer): number | undefined {
  if (bytes.length < trailerBytes || bytes.readUInt32BE(trailerField.magic) !== trailerMagic)
    return undefined;
  if (crc32(bytes.subarray(0, trailerField.crc)) !== bytes.readUInt32BE(trailerField.crc)) return undefined;
  return readU64(bytes, trailerField.position);
}

export const trailerBytes = trailerField.crc + 4;
const trailerMagic = 0x4d4c5254;
const headBytes = 4 + 4;
