import type { Millis } from '../../src/env/clock.ts';
import { crc32c } from './crc32c.ts';
import { field, headBytes, readVarint } from './stored-batch.ts';

export type PlainBatch = {
  readonly values: readonly (string | Buffer)[];
  /** Without one, the batch has no sequence. */
  readonly producer?: { readonly id: bigint; readonly epoch: number; readonly sequence: number };
  readonly time?: Millis;
};

/** A record batch of format 2 with values alone, as a producer sends it. */
export function plainBatch({ values, producer, time = 0 }: PlainBatch): Buffer {
  const records = values.map((value, index) => plainRecord(Buffer.from(value), index));
  const head = Buffer.alloc(headBytes);
  const bytes = records.reduce((sum, record) => sum + record.length, 0);
  head.writeInt32BE(headBytes - field.leaderEpoch + bytes, field.length);
  head.writeInt32BE(-1, field.leaderEpoch);
  head[field.magic] = 2;
  head.writeInt32BE(values.length - 1, field.lastDelta);
  head.writeBigInt64BE(BigInt(time), field.timeFirst);
  head.writeBigInt64BE(BigInt(time), field.timeMax);
  head.writeBigInt64BE(producer?.id ?? -1n, field.producer);
  head.writeInt16BE(producer?.epoch ?? -1, field.producerEpoch);
  head.writeInt32BE(producer?.sequence ?? -1, field.sequence);
  head.writeInt32BE(values.length, field.count);
  const batch = Buffer.concat([head, ...records]);
  batch.writeUInt32BE(crc32c(batch.subarray(field.attributes)), field.crc);
  return batch;
}

export type ReadRecord = { readonly offset: number; readonly time: Millis; readonly value: string };

/** The records of all batches that are whole, and right; nothing of what comes after one that is not. */
export function recordsIn(bytes: Buffer): readonly ReadRecord[] {
  const records: ReadRecord[] = [];
  for (let from = 0; from + headBytes <= bytes.length; ) {
    const end = from + field.leaderEpoch + bytes.readInt32BE(from + field.length);
    if (end < from + headBytes || end > bytes.length) break;
    const batch = bytes.subarray(from, end);
    if (crc32c(batch.subarray(field.attributes)) !== batch.readUInt32BE(field.crc)) break;
    records.push(...recordsOf(batch));
    from = end;
  }
  return records;
}

function recordsOf(batch: Buffer): readonly ReadRecord[] {
  const first = Number(batch.readBigInt64BE(field.first));
  const hasOneTime = (batch.readInt16BE(field.attributes) & 0b1000) !== 0;
  const time = Number(batch.readBigInt64BE(hasOneTime ? field.timeMax : field.timeFirst));
  let at = headBytes;
  return Array.from({ length: batch.readInt32BE(field.count) }, (_, index) => {
    const length = readVarint(batch, at)!;
    const delta = readVarint(batch, length.end + 1)!;
    const offset = readVarint(batch, delta.end)!;
    const key = readVarint(batch, offset.end)!;
    const value = readVarint(batch, key.end + Math.max(0, key.value))!;
    at = length.end + length.value;
    return {
      offset: first + index,
      time: time + (hasOneTime ? 0 : delta.value),
      value: batch.toString('utf8', value.end, value.end + Math.max(0, value.value)),
    };
  });
}

/** Length, attributes, no time after the first, offset, no key, value, no headers. */
function plainRecord(value: Buffer, index: number): Buffer {
  const rest = [varint(0), varint(index), varint(-1), varint(value.length), value, varint(0)];
  const body = Buffer.concat([Buffer.alloc(1), ...rest]);
  return Buffer.concat([varint(body.length), body]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value < 0 ? -2 * value - 1 : 2 * value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80);
  return Buffer.from([...bytes, left]);
}
