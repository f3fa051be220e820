import { strict as assert } from 'node:assert';
import { crc32 } from 'node:zlib';
import type { Millis } from '../../../env/clock.ts';
import type { Offset } from '../../../kinesis/record.ts';
import { type Epoch, isEpoch, writeEpoch } from './epoch.ts';
import { getU64, readU32, readU64, setU64 } from './u64.ts';

/**
 * A frame is a header and a payload. Numbers are big-endian; the header:
 *
 *    0  u32  magic, "MLRF"
 *    4  u8   version, 1
 *    5  u8   kind: 1 records, 2 seal, 3 checkpoint, 4 footer
 *    6  u16  length of the header, 96
 *    8  u32  length of the payload
 *   12  u32  count: of records; of shards in a checkpoint or footer
 *   16  u32  shard; 0 where the frame is of no one shard
 *   20  u32  chain: the header CRC of the frame before, of the segment's header for the first
 *   24  u64  offset of the first record; for a seal the shard's final end
 *   32  u64  arrival, milliseconds since the epoch of Unix
 *   40  u64  the segment's epoch
 *   48  u64  sequence of the frame in its stream
 *   56  u64  watermark: a position; all before it was durable when this frame was written
 *   64  u32  key id, 0: not encrypted
 *   68  16 B authentication tag, 0
 *   84  u32  reserved, 0
 *   88  u32  CRC-32 of the payload
 *   92  u32  CRC-32 of the 92 bytes before
 */
export type Frame = FrameContent & {
  readonly sequence: number;
  readonly chain: number;
  readonly watermark: number;
  readonly payloadBytes: number;
  readonly payloadCrc: number;
  readonly crc: number;
};

/** What a frame says, without where it stands. */
export type FrameContent = {
  readonly kind: FrameKind;
  readonly shard: number;
  readonly count: number;
  readonly first: Offset;
  readonly arrival: Millis;
};

/** Where in its segment a frame stands. */
export type RoundPlace = { readonly sequence: number; readonly chain: number; readonly watermark: number };

/** Where a frame stands, which ties it to its place. */
export type FramePlace = RoundPlace & { readonly epoch: Epoch };

export const frameKinds = { records: 1, seal: 2, checkpoint: 3, footer: 4 } as const;
export type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

export const frameHeaderBytes = 96;
export const frameMagic = 0x4d4c5246;
const version = 1;

/** What a header says of the payload. */
export type PayloadFacts = { readonly payloadBytes: number; readonly payloadCrc: number };

/** The header of a frame with this content and payload at this place. */
export function encodeFrame(content: FrameContent, payload: Buffer, place: FramePlace): Buffer {
  const header = Buffer.alloc(frameHeaderBytes);
  const facts = { payloadBytes: payload.length, payloadCrc: crc32(payload) };
  new HeaderWriter(place.epoch).write(header, 0, content, facts, place);
  return header;
}

/** Writes headers of one segment's frames, one like the other: what they have in common is laid out once. */
export class HeaderWriter {
  readonly #bytes = Buffer.alloc(frameHeaderBytes);
  readonly #covered = this.#bytes.subarray(0, 92);
  /** Much faster than a Buffer's methods. */
  readonly #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, frameHeaderBytes);

  constructor(epoch: Epoch) {
    this.#view.setUint32(0, frameMagic);
    this.#view.setUint8(4, version);
    this.#view.setUint16(6, frameHeaderBytes);
    writeEpoch(this.#bytes, epoch, 40);
  }

  /** Writes a header into a buffer, from `at` on, and answers its CRC. */
  write(into: Buffer, at: number, content: FrameContent, payload: PayloadFacts, place: RoundPlace): number {
    const view = this.#view;
    view.setUint8(5, content.kind);
    view.setUint32(8, payload.payloadBytes);
    view.setUint32(12, content.count);
    view.setUint32(16, content.shard);
    view.setUint32(20, place.chain);
    setU64(view, 24, content.first);
    setU64(view, 32, content.arrival);
    setU64(view, 48, place.sequence);
    setU64(view, 56, place.watermark);
    view.setUint32(88, payload.payloadCrc);
    const crc = crc32(this.#covered);
    view.setUint32(92, crc);
    into.set(this.#bytes, at);
    return crc;
  }
}

/** True when a header at `at` says this, for a check before it leaves for the disk. */
export function readsBack(
  view: DataView,
  at: number,
  content: FrameContent,
  payloadBytes: number,
  place: FramePlace,
): boolean {
  return (
    view.getUint32(at) === frameMagic &&
    view.getUint8(at + 5) === content.kind &&
    view.getUint32(at + 8) === payloadBytes &&
    view.getUint32(at + 12) === content.count &&
    view.getUint32(at + 16) === content.shard &&
    view.getUint32(at + 20) === place.chain &&
    getU64(view, at + 24) === content.first &&
    getU64(view, at + 32) === content.arrival &&
    view.getUint32(at + 40) === place.epoch.high &&
    view.getUint32(at + 44) === place.epoch.low &&
    getU64(view, at + 48) === place.sequence &&
    getU64(view, at + 56) === place.watermark
  );
}

/** The frame whose header begins at `at`; undefined when there is none, whole and of this epoch. */
export function decodeFrame(bytes: Buffer, at: number, epoch: Epoch): Frame | undefined {
  if (!isFrame(bytes, at, epoch)) return undefined;
  return {
    kind: kindAt(bytes, at),
    payloadBytes: payloadBytesAt(bytes, at),
    count: countAt(bytes, at),
    shard: shardAt(bytes, at),
    chain: readU32(bytes, at + 20),
    first: firstAt(bytes, at),
    arrival: arrivalAt(bytes, at),
    sequence: readU64(bytes, at + 48),
    watermark: readU64(bytes, at + 56),
    payloadCrc: payloadCrcAt(bytes, at),
    crc: readU32(bytes, at + 92),
  };
}

/** True when a header begins at `at`, whole and of this epoch. Then its fields can be read where they are. */
export function isFrame(bytes: Buffer, at: number, epoch: Epoch): boolean {
  if (!looksLikeFrame(bytes, at, epoch)) return false;
  if (crc32(bytes.subarray(at, at + 92)) !== readU32(bytes, at + 92)) return false;
  assert(bytes[at + 4] === version);
  assert(bytes.readUInt16BE(at + 6) === frameHeaderBytes);
  assert(isFrameKind(bytes[at + 5]!));
  return true;
}

/** True when bytes are what a header says of its payload. */
export function isPayload(payload: Buffer, payloadBytes: number, payloadCrc: number): boolean {
  return payload.length === payloadBytes && crc32(payload) === payloadCrc;
}

/** A cheap test for what is only stepped over. */
export function looksLikeFrame(bytes: Buffer, at: number, epoch: Epoch): boolean {
  return (
    at + frameHeaderBytes <= bytes.length &&
    readU32(bytes, at) === frameMagic &&
    isEpoch(bytes, epoch, at + 40)
  );
}

/** The length of the frame that looks like one at `at`. */
export function lengthAt(bytes: Buffer, at: number): number {
  return frameHeaderBytes + payloadBytesAt(bytes, at);
}

// The fields of the header that begins at `at`, read where they lie.

export function kindAt(bytes: Buffer, at: number): FrameKind {
  return bytes[at + 5] as FrameKind;
}

export function payloadBytesAt(bytes: Buffer, at: number): number {
  return readU32(bytes, at + 8);
}

export function countAt(bytes: Buffer, at: number): number {
  return readU32(bytes, at + 12);
}

export function shardAt(bytes: Buffer, at: number): number {
  return readU32(bytes, at + 16);
}

export function firstAt(bytes: Buffer, at: number): Offset {
  return readU64(bytes, at + 24);
}

export function arrivalAt(bytes: Buffer, at: number): Millis {
  return readU64(bytes, at + 32);
}

export function payloadCrcAt(bytes: Buffer, at: number): number {
  return readU32(bytes, at + 88);
}

/** The offset after a frame's last record. */
export function nextOf(frame: FrameContent): Offset {
  return frame.first + frame.count;
}

function isFrameKind(kind: number): kind is FrameKind {
  return kind >= frameKinds.records && kind <= frameKinds.footer;
}
