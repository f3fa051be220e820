import type { Kafka } from '../../src/env/kafka.ts';

/** Who produces, and the sequence of the batch's first record; without a producer, nobody counts. */
export type Producer = { readonly id: bigint; readonly epoch: number; readonly sequence: number };

/**
 * A record batch of format 2 (Kafka's documentation, "Record Batch"), without keys and headers, written as
 * the page says it and not as Millrace does.
 */
export function plainBatch(kafka: Kafka, values: readonly (string | Buffer)[], producer?: Producer): Buffer {
  const records = Buffer.concat(values.map((value, index) => record(Buffer.from(value), index)));
  const checked = Buffer.alloc(40);
  checked.writeInt32BE(values.length - 1, 2);
  for (const at of [6, 14]) checked.writeBigInt64BE(BigInt(Date.now()), at);
  checked.writeBigInt64BE(producer?.id ?? -1n, 22);
  checked.writeInt16BE(producer?.epoch ?? -1, 30);
  checked.writeInt32BE(producer?.sequence ?? -1, 32);
  checked.writeInt32BE(values.length, 36);
  const body = Buffer.concat([checked, records]);
  const head = Buffer.alloc(21);
  // Its length is of all that follows it: leader epoch, format, checksum and body.
  head.writeInt32BE(4 + 1 + 4 + body.length, 8);
  head.writeInt32BE(-1, 12);
  head.writeInt8(2, 16);
  head.writeUInt32BE(kafka.crc32c(body), 17);
  return Buffer.concat([head, body]);
}

/** The values of the records in batches that were fetched, and the offset of each. The last may be cut off. */
export function valuesIn(bytes: Buffer): { readonly offset: number; readonly value: string }[] {
  const found: { offset: number; value: string }[] = [];
  for (let at = 0; at + 61 <= bytes.length; ) {
    const first = Number(bytes.readBigInt64BE(at));
    const end = at + 12 + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    for (let position = at + 61, index = 0; position < end; index += 1) {
      const length = readVarint(bytes, position);
      const value = valueIn(bytes.subarray(length.end, length.end + length.value));
      found.push({ offset: first + index, value });
      position = length.end + length.value;
    }
    at = end;
  }
  return found;
}

function record(value: Buffer, index: number): Buffer {
  // Attributes, time and place after the batch's first record, no key, the value, no headers.
  const fields = [Buffer.of(0), varint(0), varint(index), varint(-1), varint(value.length), value, varint(0)];
  const body = Buffer.concat(fields);
  return Buffer.concat([varint(body.length), body]);
}

function valueIn(bytes: Buffer): string {
  const time = readVarint(bytes, 1);
  const place = readVarint(bytes, time.end);
  const key = readVarint(bytes, place.end);
  const length = readVarint(bytes, key.end + Math.max(0, key.value));
  return bytes.toString('utf8', length.end, length.end + length.value);
}

/** A signed number: zigzag, then seven bits a byte. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value < 0 ? -value * 2 - 1 : value * 2;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.of(...bytes, rest);
}

function readVarint(bytes: Buffer, start: number): { value: number; end: number } {
  let sum = 0;
  for (let at = start, factor = 1; ; at += 1, factor *= 128) {
    const byte = bytes[at]!;
    sum += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value: sum % 2 === 0 ? sum / 2 : -(sum + 1) / 2, end: at + 1 };
  }
}
