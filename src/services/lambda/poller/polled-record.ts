import type { Millis } from '../../../env/clock.ts';
import { writeMd5 } from '../../../kinesis/md5.ts';
import { dataBytesAt, keyAt, keyBytesAt, type Offset } from '../../../kinesis/record.ts';

/** A record that was read for a function, in bytes that are kept for its lane alone. */
export type PolledRecord = {
  readonly offset: Offset;
  readonly arrival: Millis;
  /** It is `bytes[at..end)`, as batches have it (`RecordBatch`). */
  readonly bytes: Buffer;
  readonly at: number;
  readonly end: number;
  /** When it was read, by the monotonic clock. */
  readonly readAt: Millis;
  /** What it takes in an event at most. */
  readonly eventBytes: number;
};

/**
 * The lane of the record at a place of a batch: of its partition key's hash the last word, because the first
 * ones chose the shard. A record without a key may be in any. `words` is room for the hash.
 */
export function laneOf(
  { bytes, at, offset }: Pick<PolledRecord, 'bytes' | 'at' | 'offset'>,
  lanes: number,
  words: Uint32Array,
): number {
  if (lanes === 1) return 0;
  const keyBytes = keyBytesAt(bytes, at);
  if (keyBytes === undefined) return offset % lanes;
  writeMd5(bytes, keyAt(at), keyAt(at) + keyBytes, words, 0);
  return words[3]! % lanes;
}

/** What the record at a place of a batch takes in an event at most, besides what all records take. */
export function variableEventBytes(bytes: Buffer, at: number): number {
  const key = keyAt(at);
  const keyEnd = key + (keyBytesAt(bytes, at) ?? 0);
  let keyJsonBytes = 0;
  for (let index = key; index < keyEnd; index++) keyJsonBytes += jsonBytesOf(bytes[index]!);
  return keyJsonBytes + Math.ceil(dataBytesAt(bytes, at) / 3) * 4;
}

/** Of a byte of UTF-8 in a string of JSON: an escape has up to six. */
function jsonBytesOf(byte: number): number {
  if (byte < 0x20) return 6;
  return byte === quote || byte === backslash ? 2 : 1;
}

const quote = 0x22;
const backslash = 0x5c;

/** What a record takes in memory, about. */
export function heldBytesOf({ at, end }: Pick<PolledRecord, 'at' | 'end'>): number {
  return end - at + objectBytes;
}

const objectBytes = 160;

/** Empty for a record without one. */
export function keyOf({ bytes, at }: Pick<PolledRecord, 'bytes' | 'at'>): string {
  const key = keyAt(at);
  return bytes.toString('utf8', key, key + (keyBytesAt(bytes, at) ?? 0));
}

/** In the bytes of the record's batch. */
export function dataOf({ bytes, at, end }: Pick<PolledRecord, 'bytes' | 'at' | 'end'>): Buffer {
  return bytes.subarray(keyAt(at) + (keyBytesAt(bytes, at) ?? 0), end);
}
