import { strict as assert } from 'node:assert';
import { crc32 } from 'node:zlib';
import type { Millis } from '../../../env/clock.ts';
import { type Epoch, readEpoch, writeEpoch } from './epoch.ts';
import { readU64, writeU64 } from './u64.ts';

/**
 * What a segment's file begins with. Numbers are big-endian:
 *
 *    0  u32  magic, "MLRS"
 *    4  u16  version, 1
 *    6  u16  length of the header, 128
 *    8  u64  number of the segment in its stream, 1 for the first
 *   16  u64  sequence of the segment's first frame in its stream
 *   24  u64  time of creation, milliseconds since the epoch of Unix
 *   32  u64  epoch
 *   40  u32  chain: the header CRC of the last frame of the segment before, its footer aside; 0 in the first
 *   44  u8   length of the stream's id
 *   45  79 B the stream's id in ASCII, then zeros
 *  124  u32  CRC-32 of the 124 bytes before
 */
export type SegmentHeader = {
  readonly stream: string;
  readonly number: number;
  readonly firstSequence: number;
  readonly createdAt: Millis;
  readonly chain: number;
  readonly epoch: Epoch;
  readonly crc: number;
};

export const segmentHeaderBytes = 128;
export const streamIdBytesMax = 79;
const magic = 0x4d4c5253;
const version = 1;

export function encodeSegmentHeader(header: Omit<SegmentHeader, 'crc'>): Buffer {
  assert(header.stream.length <= streamIdBytesMax);
  const bytes = Buffer.alloc(segmentHeaderBytes);
  bytes.writeUInt32BE(magic, 0);
  bytes.writeUInt16BE(version, 4);
  bytes.writeUInt16BE(segmentHeaderBytes, 6);
  writeU64(bytes, header.number, 8);
  writeU64(bytes, header.firstSequence, 16);
  writeU64(bytes, header.createdAt, 24);
  writeEpoch(bytes, header.epoch, 32);
  bytes.writeUInt32BE(header.chain, 40);
  bytes.writeUInt8(header.stream.length, 44);
  bytes.write(header.stream, 45, 'ascii');
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 124)), 124);
  return bytes;
}

/** The header that a file begins with, undefined when it does not. */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < segmentHeaderBytes || bytes.readUInt32BE(0) !== magic) return undefined;
  const crc = bytes.readUInt32BE(124);
  if (crc32(bytes.subarray(0, 124)) !== crc) return undefined;
  assert(bytes.readUInt16BE(4) === version);
  return {
    number: readU64(bytes, 8),
    firstSequence: readU64(bytes, 16),
    createdAt: readU64(bytes, 24),
    epoch: readEpoch(bytes, 32),
    chain: bytes.readUInt32BE(40),
    stream: bytes.toString('ascii', 45, 45 + bytes.readUInt8(44)),
    crc,
  };
}
