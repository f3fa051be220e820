import { strict as assert } from 'node:assert';
import { crc32 } from 'node:zlib';
import type { Millis } from '../../../env/clock.ts';
import { type Epoch, readEpoch, writeEpoch } from './epoch.ts';
import { readU64, writeU64 } from './u64.ts';
import { formatVersion, requireKnownVersion } from './version.ts';

/**
 * Where the fields of a segment's header begin. Numbers are big-endian. A header of any version has `magic`,
 * `version` and `headerBytes` in these places, and ends with the CRC-32 of the bytes before.
 */
const field = {
  magic: 0, // u32, "MLRS"
  version: 4, // u16
  headerBytes: 6, // u16, the length of the header
  number: 8, // u64: of the segment in its stream, 1 for the first
  firstSequence: 16, // u64: of the segment's first frame in its stream
  createdAt: 24, // u64, milliseconds since the epoch of Unix
  epoch: 32, // u64
  chain: 40, // u32: the header CRC of the last frame of the segment before, its footer aside; 0 in the first
  streamBytes: 44, // u8, the length of the stream's id
  stream: 45, // The stream's id in ASCII, then zeros
  crc: 124, // u32, of the bytes before
} as const;

export type SegmentHeader = {
  readonly stream: string;
  readonly number: number;
  readonly firstSequence: number;
  readonly createdAt: Millis;
  readonly chain: number;
  readonly epoch: Epoch;
  readonly crc: number;
};

export const segmentHeaderBytes = field.crc + 4;
export const streamIdBytesMax = field.crc - field.stream;
const magic = 0x4d4c5253;

export function encodeSegmentHeader(header: Omit<SegmentHeader, 'crc'>): Buffer {
  assert(header.stream.length <= streamIdBytesMax);
  const bytes = Buffer.alloc(segmentHeaderBytes);
  bytes.writeUInt32BE(magic, field.magic);
  bytes.writeUInt16BE(formatVersion, field.version);
  bytes.writeUInt16BE(segmentHeaderBytes, field.headerBytes);
  writeU64(bytes, header.number, field.number);
  writeU64(bytes, header.firstSequence, field.firstSequence);
  writeU64(bytes, header.createdAt, field.createdAt);
  writeEpoch(bytes, header.epoch, field.epoch);
  bytes.writeUInt32BE(header.chain, field.chain);
  bytes.writeUInt8(header.stream.length, field.streamBytes);
  bytes.write(header.stream, field.stream, 'ascii');
  bytes.writeUInt32BE(crc32(bytes.subarray(0, field.crc)), field.crc);
  return bytes;
}

/**
 * The header that the file at `path` begins with, undefined when it does not. Throws `NewerFormatError` when
 * it begins with one of a version that is not known.
 */
export function decodeSegmentHeader(bytes: Buffer, path: string): SegmentHeader | undefined {
  if (bytes.length < segmentHeaderBytes || bytes.readUInt32BE(field.magic) !== magic) return undefined;
  const crcAt = bytes.readUInt16BE(field.headerBytes) - 4;
  if (crcAt < field.number || crcAt + 4 > bytes.length) return undefined;
  const crc = bytes.readUInt32BE(crcAt);
  if (crc32(bytes.subarray(0, crcAt)) !== crc) return undefined;
  requireKnownVersion(bytes.readUInt16BE(field.version), path);
  if (crcAt !== field.crc || !Number.isSafeInteger(readU64(bytes, field.firstSequence))) return undefined;
  const { stream } = field;
  return {
    number: readU64(bytes, field.number),
    firstSequence: readU64(bytes, field.firstSequence),
    createdAt: readU64(bytes, field.createdAt),
    epoch: readEpoch(bytes, field.epoch),
    chain: bytes.readUInt32BE(field.chain),
    stream: bytes.toString('ascii', stream, stream + bytes.readUInt8(field.streamBytes)),
    crc,
  };
}
