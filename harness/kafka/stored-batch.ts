import type { Millis } from '../../src/env/clock.ts';
import type { KafkaErrorCode } from '../../src/env/kafka.ts';
import { crc32c } from './crc32c.ts';
import { errorCodes } from './error-codes.ts';

/** A record batch of format 2 in a replica's log. */
export type StoredBatch = {
  readonly first: number;
  readonly last: number;
  /** The epoch of the leader that appended it. */
  readonly leaderEpoch: number;
  readonly timeMax: Millis;
  /** The producer's wall clock, record by record; undefined where all records have the time of the append. */
  readonly times: readonly Millis[] | undefined;
  readonly sequence: BatchSequence | undefined;
  readonly bytes: Buffer;
};

export type BatchSequence = {
  readonly producer: bigint;
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
};

/**
 * A record batch (Kafka's implementation notes, "Record Batch"): base offset 8, length of what follows 4,
 * leader epoch 4, magic 1, CRC-32C of what follows 4, attributes 2, last offset delta 4, first timestamp 8,
 * max timestamp 8, producer id 8, producer epoch 2, base sequence 4, count of records 4, records.
 */
export const field = {
  first: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastDelta: 23,
  timeFirst: 27,
  timeMax: 35,
  producer: 43,
  producerEpoch: 51,
  sequence: 53,
  count: 57,
} as const;

export const headBytes = 61;

const compressionMask = 0b111;
const logAppendTimeBit = 0b1000;
const transactionalBit = 0b1_0000;
const controlBit = 0b10_0000;

/** What a producer sent, its header read. */
export type SentBatch = Pick<StoredBatch, 'timeMax' | 'times' | 'sequence' | 'bytes'> & {
  readonly count: number;
};

/** Reads what a producer sent for a partition, and answers why a broker does not take it. */
export function receiveBatch(bytes: Buffer, bytesMax: number): SentBatch | KafkaErrorCode {
  if (bytes.length < headBytes || bytes.readInt32BE(field.length) !== bytes.length - field.leaderEpoch)
    return errorCodes.corruptMessage;
  if (bytes[field.magic] !== 2 || bytes.readBigInt64BE(field.first) !== 0n) return errorCodes.invalidRecord;
  if (bytes.length > bytesMax) return errorCodes.messageTooLarge;
  if (crc32c(bytes.subarray(field.attributes)) !== bytes.readUInt32BE(field.crc))
    return errorCodes.corruptMessage;
  const attributes = bytes.readInt16BE(field.attributes);
  if ((attributes & compressionMask) !== 0) return errorCodes.unsupportedCompressionType;
  if ((attributes & (transactionalBit | controlBit)) !== 0) return errorCodes.invalidRecord;
  const count = bytes.readInt32BE(field.count);
  if (count < 1 || bytes.readInt32BE(field.lastDelta) !== count - 1) return errorCodes.invalidRecord;
  const times = timesOf(bytes, count);
  if (times === undefined) return errorCodes.invalidRecord;
  const sequence = sequenceOf(bytes, count);
  if (sequence !== undefined && sequence.first < 0) return errorCodes.invalidRecord;
  return { timeMax: Number(bytes.readBigInt64BE(field.timeMax)), times, sequence, bytes, count };
}

/** The batch as its leader stores it. `appendedAt` replaces the producer's times, if it is given. */
export function storedBatch(
  { timeMax, times, sequence, bytes, count }: SentBatch,
  first: number,
  leaderEpoch: number,
  appendedAt: Millis | undefined,
): StoredBatch {
  const stored = Buffer.from(bytes);
  stored.writeBigInt64BE(BigInt(first), field.first);
  stored.writeInt32BE(leaderEpoch, field.leaderEpoch);
  if (appendedAt !== undefined) {
    stored.writeInt16BE(stored.readInt16BE(field.attributes) | logAppendTimeBit, field.attributes);
    stored.writeBigInt64BE(BigInt(appendedAt), field.timeMax);
    stored.writeUInt32BE(crc32c(stored.subarray(field.attributes)), field.crc);
  }
  return {
    first,
    last: first + count - 1,
    leaderEpoch,
    timeMax: appendedAt ?? timeMax,
    times: appendedAt === undefined ? times : undefined,
    sequence,
    bytes: stored,
  };
}

/** Sequences wrap around after the largest int32. */
function sequenceOf(bytes: Buffer, count: number): BatchSequence | undefined {
  const producer = bytes.readBigInt64BE(field.producer);
  if (producer < 0n) return undefined;
  const first = bytes.readInt32BE(field.sequence);
  const last = (first + count - 1) % 2 ** 31;
  return { producer, epoch: bytes.readInt16BE(field.producerEpoch), first, last };
}

/**
 * The times of the records, each of which is: length, attributes 1, timestamp delta, offset delta, key,
 * value, headers; lengths and deltas are zigzag varints. Undefined when they are not as many, or not one
 * after the other.
 */
function timesOf(bytes: Buffer, count: number): readonly Millis[] | undefined {
  const begin = Number(bytes.readBigInt64BE(field.timeFirst));
  const times: Millis[] = [];
  let from = headBytes;
  for (let index = 0; index < count; index++) {
    const length = readVarint(bytes, from);
    if (length === undefined || length.value < 1 || length.end + length.value > bytes.length)
      return undefined;
    const time = readVarint(bytes, length.end + 1);
    const offset = time && readVarint(bytes, time.end);
    if (offset === undefined || offset.value !== index) return undefined;
    times.push(begin + time!.value);
    from = length.end + length.value;
  }
  return from === bytes.length ? times : undefined;
}

/** A zigzag varint, and where what comes after it begins; undefined when it has no end. */
export function readVarint(
  bytes: Buffer,
  from: number,
): { readonly value: number; readonly end: number } | undefined {
  let zigzag = 0;
  let unit = 1;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[from + index];
    if (byte === undefined) return undefined;
    zigzag += (byte & 0x7f) * unit;
    if (byte < 0x80) {
      const value = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
      return { value, end: from + index + 1 };
    }
    unit *= 0x80;
  }
  return undefined;
}
