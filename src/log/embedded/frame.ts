import { strict as assert } from 'node:assert';
import { crc32 } from 'node:zlib';
import type { Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import { type Epoch, isEpoch, writeEpoch } from './epoch.ts';
import { readU64, writeU64 } from './u64.ts';

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

/** Where a frame stands, which ties it to its place. */
export type FramePlace = {
  readonly epoch: Epoch;
  readonly sequence: number;
  readonly chain: number;
  readonly watermark: number;
};

export const frameKinds = { records: 1, seal: 2, checkpoint: 3, footer: 4 } as const;
export type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

export const frameHeaderBytes = 96;
export const frameMagic = 0x4d4c5246;
const version = 1;

/** The header of a frame with this content and payload, whose buffers follow one another, at this place. */
export function encodeFrame(content: FrameContent, payload: readonly Buffer[], place: FramePlace): Buffer {
  const header = Buffer.alloc(frameHeaderBytes);
  header.writeUInt32BE(frameMagic, 0);
  header.writeUInt8(version, 4);
  header.writeUInt8(content.kind, 5);
  header.writeUInt16BE(frameHeaderBytes, 6);
  header.writeUInt32BE(
    payload.reduce((sum, { length }) => sum + length, 0),
    8,
  );
  header.writeUInt32BE(content.count, 12);
  header.writeUInt32BE(content.shard, 16);
  header.writeUInt32BE(place.chain, 20);
  writeU64(header, content.first, 24);
  writeU64(header, content.arrival, 32);
  writeEpoch(header, place.epoch, 40);
  writeU64(header, place.sequence, 48);
  writeU64(header, place.watermark, 56);
  header.writeUInt32BE(
    payload.reduce((crc, bytes) => crc32(bytes, crc), 0),
    88,
  );
  header.writeUInt32BE(crc32(header.subarray(0, 92)), 92);
  return header;
}

/** The frame whose header begins at `at`; undefined when there is none, whole and of this epoch. */
export function decodeFrame(bytes: Buffer, at: number, epoch: Epoch): Frame | undefined {
  if (!looksLikeFrame(bytes, at, epoch)) return undefined;
  const crc = bytes.readUInt32BE(at + 92);
  if (crc32(bytes.subarray(at, at + 92)) !== crc) return undefined;
  const kind = bytes.readUInt8(at + 5);
  assert(bytes.readUInt8(at + 4) === version);
  assert(bytes.readUInt16BE(at + 6) === frameHeaderBytes);
  assert(isFrameKind(kind));
  return {
    kind,
    payloadBytes: bytes.readUInt32BE(at + 8),
    count: bytes.readUInt32BE(at + 12),
    shard: shardAt(bytes, at),
    chain: bytes.readUInt32BE(at + 20),
    first: readU64(bytes, at + 24),
    arrival: readU64(bytes, at + 32),
    sequence: readU64(bytes, at + 48),
    watermark: readU64(bytes, at + 56),
    payloadCrc: bytes.readUInt32BE(at + 88),
    crc,
  };
}

/** A cheap test for what is only stepped over. */
export function looksLikeFrame(bytes: Buffer, at: number, epoch: Epoch): boolean {
  return (
    at + frameHeaderBytes <= bytes.length &&
    bytes.readUInt32BE(at) === frameMagic &&
    isEpoch(bytes, epoch, at + 40)
  );
}

/** The length of the frame that looks like one at `at`. */
export function lengthAt(bytes: Buffer, at: number): number {
  return frameHeaderBytes + bytes.readUInt32BE(at + 8);
}

/** The shard of the frame that looks like one at `at`. */
export function shardAt(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at + 16);
}

/** The offset after a frame's last record. */
export function nextOf(frame: FrameContent): Offset {
  return frame.first + frame.count;
}

function isFrameKind(kind: number): kind is FrameKind {
  return kind >= frameKinds.records && kind <= frameKinds.footer;
}
