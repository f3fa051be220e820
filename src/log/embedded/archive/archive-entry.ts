import { strict as assert } from 'node:assert';
import { crc32 } from 'node:zlib';
import { type Epoch, readEpoch, writeEpoch } from '../format/epoch.ts';
import { getU64, readU64, writeU64 } from '../format/u64.ts';
import type { Extent } from '../segment.ts';
import type { Link } from '../write/segment-writer.ts';

/** A segment that lies in a store, as far as the disk remembers it. */
export type ArchivedSegment = {
  readonly number: number;
  readonly epoch: Epoch;
  /** Its length, footer and trailer included. */
  readonly bytes: number;
  /** Where its frames end and its footer begins. */
  readonly end: number;
  /** What its header says of the segment before it. */
  readonly before: Link;
  /** That of its footer: what the next segment goes on from. */
  readonly link: Link;
  /** CRC-32 of all of it. */
  readonly crc: number;
  /** By shard, ascending. */
  readonly extents: readonly ArchivedExtent[];
  /** The positions of the key frames, by the keys' ids. */
  readonly keys: ReadonlyMap<number, number>;
};

export type ArchivedExtent = Omit<Extent, 'segment'>;

/** What an entry says: a segment is archived, or no record up to a segment is readable any more. */
export type ArchiveEntry =
  | { readonly kind: 'archived'; readonly segment: ArchivedSegment }
  | { readonly kind: 'forgotten'; readonly number: number };

/** Where the fields of an entry's head begin. */
const headField = {
  magic: 0, // u32, "MLRA"
  version: 4, // u16
  kind: 6, // u16
  length: 8, // u32: of the body
  crc: 12, // u32, of the head before it and of the body
  end: 16,
} as const;

/** Where the fields of an archived segment begin in the body. */
export const segmentField = {
  number: 0, // u64
  epoch: 8, // u64
  bytes: 16, // u64
  end: 24, // u64
  firstSequence: 32, // u64
  sequence: 40, // u64: of the footer
  firstChain: 48, // u32
  chain: 52, // u32: of the footer
  crc: 56, // u32; a reserved one follows, 0
  extents: 64, // u32, how many
  keys: 68, // u32, how many
  after: 72,
} as const;

/** Where the fields of an extent begin. */
export const extentField = {
  shard: 0, // u32; a reserved one follows, 0
  first: 8, // u64, an offset
  next: 16, // u64, an offset
  firstArrival: 24, // u64
  lastArrival: 32, // u64
  after: 40,
} as const;

/** u32 id, a reserved one, u64 position. */
export const keyBytes = 16;

const kinds = { archived: 1, forgotten: 2 } as const;
const magic = 0x4d4c5241;
const version = 1;
export const entryHeadBytes = headField.end;

export function encodeEntry(entry: ArchiveEntry): Buffer {
  const body = entry.kind === 'archived' ? encodeSegment(entry.segment) : encodeNumber(entry.number);
  const head = Buffer.alloc(headField.end);
  head.writeUInt32BE(magic, headField.magic);
  head.writeUInt16BE(version, headField.version);
  head.writeUInt16BE(kinds[entry.kind], headField.kind);
  head.writeUInt32BE(body.length, headField.length);
  head.writeUInt32BE(crcOf(head, body), headField.crc);
  return Buffer.concat([head, body]);
}

/** An entry whose checksum is right. */
export type FoundEntry = {
  readonly version: number;
  readonly kind: keyof typeof kinds | undefined;
  readonly body: Buffer;
  /** Where the next one begins. */
  readonly end: number;
};

/** The entry that begins at a position; undefined when it is not whole. */
export function entryAt(bytes: Buffer, at: number): FoundEntry | undefined {
  if (at + headField.end > bytes.length || bytes.readUInt32BE(at) !== magic) return undefined;
  const end = at + headField.end + bytes.readUInt32BE(at + headField.length);
  if (end > bytes.length) return undefined;
  const head = bytes.subarray(at, at + headField.end);
  const body = bytes.subarray(at + headField.end, end);
  if (crcOf(head, body) !== head.readUInt32BE(headField.crc)) return undefined;
  const code = head.readUInt16BE(headField.kind);
  const kind = code === kinds.archived ? 'archived' : code === kinds.forgotten ? 'forgotten' : undefined;
  return { version: head.readUInt16BE(headField.version), kind, body, end };
}

/** Whether an entry of this version can be read. */
export function isKnownEntry(found: FoundEntry): boolean {
  return found.version === version && found.kind !== undefined;
}

/** True when a whole entry begins anywhere from a position on. */
export function hasEntryFrom(bytes: Buffer, from: number): boolean {
  for (let at = bytes.indexOf(magicBytes, from); at !== -1; at = bytes.indexOf(magicBytes, at + 1)) {
    if (entryAt(bytes, at) !== undefined) return true;
  }
  return false;
}

/** The segment whose entry has this body. */
export function decodeSegment(body: Buffer): ArchivedSegment {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const extents = view.getUint32(segmentField.extents);
  const keysAt = segmentField.after + extents * extentField.after;
  assert(keysAt + view.getUint32(segmentField.keys) * keyBytes === body.length);
  return {
    number: getU64(view, segmentField.number),
    epoch: readEpoch(body, segmentField.epoch),
    bytes: getU64(view, segmentField.bytes),
    end: getU64(view, segmentField.end),
    before: {
      chain: view.getUint32(segmentField.firstChain),
      sequence: getU64(view, segmentField.firstSequence),
    },
    link: { chain: view.getUint32(segmentField.chain), sequence: getU64(view, segmentField.sequence) },
    crc: view.getUint32(segmentField.crc),
    extents: Array.from({ length: extents }, (_, index) =>
      decodeExtent(body, segmentField.after + index * extentField.after),
    ),
    keys: decodeKeys(view, keysAt),
  };
}

export function decodeForgotten(body: Buffer): number {
  return readU64(body, 0);
}

/** The extent that begins at a position. */
function decodeExtent(bytes: Buffer, at: number): ArchivedExtent {
  return {
    shard: bytes.readUInt32BE(at + extentField.shard),
    first: readU64(bytes, at + extentField.first),
    next: readU64(bytes, at + extentField.next),
    firstArrival: readU64(bytes, at + extentField.firstArrival),
    lastArrival: readU64(bytes, at + extentField.lastArrival),
  };
}

function decodeKeys(view: DataView, from: number): Map<number, number> {
  const keys = new Map<number, number>();
  for (let at = from; at < view.byteLength; at += keyBytes)
    keys.set(view.getUint32(at), getU64(view, at + 8));
  return keys;
}

function encodeSegment(segment: ArchivedSegment): Buffer {
  const { extents, keys, before, link } = segment;
  const body = Buffer.alloc(segmentField.after + extents.length * extentField.after + keys.size * keyBytes);
  writeU64(body, segment.number, segmentField.number);
  writeEpoch(body, segment.epoch, segmentField.epoch);
  writeU64(body, segment.bytes, segmentField.bytes);
  writeU64(body, segment.end, segmentField.end);
  writeU64(body, before.sequence, segmentField.firstSequence);
  writeU64(body, link.sequence, segmentField.sequence);
  body.writeUInt32BE(before.chain, segmentField.firstChain);
  body.writeUInt32BE(link.chain, segmentField.chain);
  body.writeUInt32BE(segment.crc, segmentField.crc);
  body.writeUInt32BE(extents.length, segmentField.extents);
  body.writeUInt32BE(keys.size, segmentField.keys);
  let at: number = segmentField.after;
  for (const extent of extents) {
    body.writeUInt32BE(extent.shard, at + extentField.shard);
    writeU64(body, extent.first, at + extentField.first);
    writeU64(body, extent.next, at + extentField.next);
    writeU64(body, extent.firstArrival, at + extentField.firstArrival);
    writeU64(body, extent.lastArrival, at + extentField.lastArrival);
    at += extentField.after;
  }
  for (const [id, position] of keys) {
    body.writeUInt32BE(id, at);
    writeU64(body, position, at + 8);
    at += keyBytes;
  }
  return body;
}

function encodeNumber(number: number): Buffer {
  const body = Buffer.alloc(8);
  writeU64(body, number, 0);
  return body;
}

function crcOf(head: Buffer, body: Buffer): number {
  return crc32(body, crc32(head.subarray(0, headField.crc)));
}

const magicBytes = Buffer.from('MLRA', 'ascii');
