import { strict as assert } from 'node:assert';
import { crc32 } from 'node:zlib';
import type { Extent, Segment, SegmentIndex } from './segment.ts';
import { SparseIndex } from './sparse-index.ts';
import { decodeStandings, encodeStandings, type Standing, type Standings } from './standing.ts';
import { getU64, readU64, writeU64 } from './u64.ts';

/** What a finished segment says about itself, so that nobody needs to read it from the start. */
export type Footer = {
  readonly standings: Map<number, Standing>;
  readonly extents: readonly Omit<Extent, 'segment'>[];
  readonly index: SegmentIndex;
};

/**
 * The payload of a footer: the standings at the segment's end, then
 *
 *   u32 number of shards with records here | u32 reserved, 0 | for each:
 *   u32 shard | u32 number of landmarks | u64 first offset | u64 next offset | u64 first arrival | u64 last arrival
 *   and for each landmark: u64 offset | u64 arrival | u64 position
 */
export function encodeFooter(segment: Segment, standings: Standings): Buffer {
  assert(segment.index !== undefined);
  const parts = [encodeStandings(standings), Buffer.alloc(headBytes)];
  parts[1]!.writeUInt32BE(segment.extents.size, 0);
  for (const extent of segment.extents.values())
    parts.push(encodeExtent(extent, segment.index.get(extent.shard)!));
  return Buffer.concat(parts);
}

function encodeExtent(extent: Extent, index: SparseIndex): Buffer {
  const bytes = Buffer.alloc(extentBytes + index.size * landmarkBytes);
  bytes.writeUInt32BE(extent.shard, 0);
  bytes.writeUInt32BE(index.size, 4);
  writeU64(bytes, extent.first, 8);
  writeU64(bytes, extent.next, 16);
  writeU64(bytes, extent.firstArrival, 24);
  writeU64(bytes, extent.lastArrival, 32);
  let at = extentBytes;
  for (const { offset, arrival, position } of index.landmarks()) {
    writeU64(bytes, offset, at);
    writeU64(bytes, arrival, at + 8);
    writeU64(bytes, position, at + 16);
    at += landmarkBytes;
  }
  return bytes;
}

export function decodeFooter(payload: Buffer): Footer {
  const { standings, end } = decodeStandings(payload);
  const index: SegmentIndex = new Map();
  const extents: Omit<Extent, 'segment'>[] = [];
  let at = end + headBytes;
  for (let left = payload.readUInt32BE(end); left > 0; left--) {
    const shard = payload.readUInt32BE(at);
    extents.push({
      shard,
      first: readU64(payload, at + 8),
      next: readU64(payload, at + 16),
      firstArrival: readU64(payload, at + 24),
      lastArrival: readU64(payload, at + 32),
    });
    const landmarks = payload.readUInt32BE(at + 4);
    index.set(shard, decodeIndex(payload, at + extentBytes, landmarks));
    at += extentBytes + landmarks * landmarkBytes;
  }
  assert(at === payload.length);
  return { standings, extents, index };
}

function decodeIndex(payload: Buffer, at: number, landmarks: number): SparseIndex {
  const index = new SparseIndex(0);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  for (let end = at + landmarks * landmarkBytes; at < end; at += landmarkBytes) {
    const offset = getU64(view, at);
    index.note({ offset, arrival: getU64(view, at + 8), position: getU64(view, at + 16) });
  }
  return index;
}

/**
 * Where to divide a finished segment that ends at `end`, so that each part begins with a frame and is about `blockBytes` long; the
 * last entry is `end`.
 */
export function blockBorders(index: SegmentIndex, end: number, blockBytes: number): number[] {
  const firsts = new Array<number>(Math.ceil(end / blockBytes)).fill(end);
  for (const shard of index.values()) {
    for (const position of shard.positions) {
      const number = Math.floor(position / blockBytes);
      if (position < firsts[number]!) firsts[number] = position;
    }
  }
  return [...firsts.filter((position) => position < end), end];
}

/** The last bytes of a finished segment: u64 position of the footer | u32 magic, "MLRT" | u32 CRC-32 of the 12 before. */
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
const landmarkBytes = 8 + 8 + 8;
