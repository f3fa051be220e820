/**
 * Kafka's unit of storage, format 2 (Kafka documentation, "Message Format", since KIP-98): a head, and
 * records in it whose places count from its first offset. All numbers of the head are big-endian:
 *
 *   i64 first offset | i32 length of what follows | i32 leader epoch | i8 format, 2 | u32 checksum |
 *   i16 attributes | i32 count − 1 | i64 time | i64 latest time | i64 producer | i16 its epoch |
 *   i32 sequence | i32 count
 *
 * and a record is varints, `[…]` what they count, −1 for null:
 *
 *   length of the rest | i8 attributes | time − that of the head | offset − that of the head |
 *   key [key] | value [value] | number of headers, each: name [name] | value [value]
 *
 * The checksum is CRC-32C over all from the attributes on. Brokers give the first offset, the leader epoch
 * and, where topics are set so, the latest time; then the attributes say so. A producer's batches of a
 * partition are numbered: the sequence counts records, and starts from 0 again behind 2^31 − 1.
 */
export const field = {
  first: 0,
  length: 8,
  format: 16,
  checksum: 17,
  attributes: 21,
  lastDelta: 23,
  time: 27,
  latestTime: 35,
  producer: 43,
  epoch: 51,
  sequence: 53,
  count: 57,
} as const;

export const headBytes = 61;

/** Where what the length counts begins. */
export const lengthEnd = field.length + 4;

export const format = 2;

export const attribute = { codec: 0x07, brokersTime: 0x08, control: 0x20 } as const;

/** Who a batch is from: no producer has the id of another one, nor its own of an earlier epoch. */
export type Producer = { readonly id: bigint; readonly epoch: number; readonly sequence: number };

/** Makes a batch a producer's: the last thing to be written, and once more when it is another's. */
export function sign(
  batch: Buffer,
  { id, epoch, sequence }: Producer,
  crc32c: (bytes: Uint8Array) => number,
): void {
  batch.writeBigInt64BE(id, field.producer);
  batch.writeInt16BE(epoch, field.epoch);
  batch.writeInt32BE(sequence, field.sequence);
  batch.writeUInt32BE(crc32c(batch.subarray(field.attributes)), field.checksum);
}

/** The sequence of what comes after so many records. */
export function sequenceAfter(sequence: number, count: number): number {
  return (sequence + count) % 2 ** 31;
}

/** Copies; answers where it ends. Short pieces are quicker by hand than by a call. */
export function copyBytes(from: Buffer, start: number, end: number, to: Buffer, at: number): number {
  if (end - start > handBytesMax) return at + from.copy(to, at, start, end);
  while (start < end) to[at++] = from[start++]!;
  return at;
}

const handBytesMax = 24;
