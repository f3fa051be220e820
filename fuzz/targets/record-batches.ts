import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { crc32c } from '../../harness/kafka/crc32c.ts';
import { encodeBatch, recordsOf } from '../../src/kinesis/record.ts';
import type { Mark } from '../../src/log/kafka/client.ts';
import { headerNames } from '../../src/log/kafka/own-headers.ts';
import { attribute, field, headBytes, lengthEnd, sign } from '../../src/log/kafka/record-batch.ts';
import { decodeRecordBatches } from '../../src/log/kafka/record-batch-reader.ts';
import { encodeRecordBatch } from '../../src/log/kafka/record-batch-writer.ts';
import { DamagedError, type LoggedBatch, type NewBatch, NewerFormatError } from '../../src/log/log.ts';
import type { Target } from '../target.ts';
import { partitionKeyOf, recordsIn, type SeenRecord } from './record-batch-reference.ts';

const countByte = field.count + 3;
const of = { topic: 'topic', partition: 0 };
const from = 10;

/**
 * What a broker answers to a fetch from offset 10 on is any bytes: they are damaged, of a newer version, or
 * records that Kafka's format has there. After a first byte of 1 all checksums are made right, as whoever can
 * write to the partition could; 2 is followed by a count and the records of one batch alone.
 */
export const recordBatchesTarget: Target = {
  name: 'record-batches',
  seeds: [
    ...[0, 1].map((mode) => Buffer.concat([Buffer.of(mode), ...written()])),
    ...written().map((batch) => Buffer.concat([Buffer.of(2, batch[countByte]!), batch.subarray(headBytes)])),
  ],
  words: ['\0\0\0\0', '\xff\xff\xff\xff', '\x01', '\0', 'millrace', 'mark seal', 'box 2', 'millrace-key-arn'],
  run: (input) => {
    const bytes = input[0] === 2 ? batchOf(input.subarray(2), input[1] ?? 0) : Buffer.from(input.subarray(1));
    if (input[0] !== 0) makeRight(bytes);
    try {
      const { batches, end } = decodeRecordBatches(bytes, { of, from }, crc32c);
      return `${batches.length} batches, ${check(bytes, batches, end)}`;
    } catch (error) {
      if (error instanceof DamagedError || error instanceof NewerFormatError)
        return `${error.name}: ${error.message.replace(/\d+/g, 'N')}`;
      throw error;
    }
  },
};

/** Compares what was read with what the reference reads, record by record. */
function check(bytes: Buffer, batches: readonly LoggedBatch[], end: number): string {
  const expected = new Map<number, SeenRecord>();
  let next = from;
  for (const batch of batchesIn(bytes)) {
    const first = Number(batch.readBigInt64BE(field.first));
    const count = batch.readInt32BE(field.count);
    next = first + count;
    const attributes = batch.readInt16BE(field.attributes);
    if ((attributes & attribute.control) !== 0) continue;
    // What is compressed the reference cannot read.
    if ((attributes & attribute.codec) !== 0) return 'compressed';
    const records = recordsIn(batch, count);
    assert.ok(records !== undefined, 'what is no record batch was read as one');
    records.forEach((record, index) => {
      assert.equal(record.delta, index);
      expected.set(first + index, record);
    });
  }
  assert.equal(end, next);
  const isOurs = ({ headers }: SeenRecord) => headers.some(([name]) => name === headerNames.kind);
  let boxes = 0;
  for (const batch of batches) {
    if (batch.encryption !== undefined) {
      assert.ok(isOurs(expected.get(batch.first)!));
      for (let offset = batch.first; offset < batch.first + batch.count; offset++) expected.delete(offset);
      boxes += 1;
      continue;
    }
    for (const { offset, partitionKey, data } of recordsOf(batch)) {
      const record = expected.get(offset)!;
      assert.ok(expected.delete(offset) && !isOurs(record));
      assert.equal(partitionKey, partitionKeyOf(record));
      assert.deepEqual(Buffer.from(data), record.value ?? Buffer.alloc(0));
    }
  }
  for (const record of expected.values()) assert.ok(isOurs(record), 'a record is missing');
  return `${boxes} boxes, ${expected.size} marks`;
}

function* batchesIn(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at + headBytes <= bytes.length; ) {
    const end = at + lengthEnd + bytes.readInt32BE(at + field.length);
    if (end < at + headBytes || end > bytes.length) return;
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** Gives whatever is a batch by its length the checksum that it should have. */
function makeRight(bytes: Buffer): void {
  for (const batch of batchesIn(bytes))
    batch.writeUInt32BE(crc32c(batch.subarray(field.attributes)), field.checksum);
}

/** A batch with a head as it should be, but for the checksum. */
function batchOf(records: Buffer, count: number): Buffer {
  const head = Buffer.from(written()[0]!.subarray(0, headBytes));
  head.writeInt32BE(headBytes - lengthEnd + records.length, field.length);
  head.writeInt32BE(count - 1, field.lastDelta);
  head.writeInt32BE(count, field.count);
  return Buffer.concat([head, records]);
}

function written(): Buffer[] {
  const plain = (...texts: string[]): NewBatch =>
    encodeBatch(texts.map((text) => ({ partitionKey: `key of ${text}`, data: Buffer.from(text) })));
  const arn = 'arn:aws:kms:us-east-1:123456789012:key/1';
  const key = { arn, wrapped: Buffer.from('wrapped'), places: createSecretKey(Buffer.alloc(32)) };
  const box: NewBatch = { bytes: Buffer.from('box'), count: 2, key };
  const mark: Mark = { mark: 'seal' };
  const keyless: NewBatch = encodeBatch([{ partitionKey: undefined, data: Buffer.from('no key') }]);
  let first = from;
  return [[plain('a', 'b'), mark], [box, plain('c')], [keyless]].map((appended) => {
    const bytes = encodeRecordBatch(appended, 1_700_000_000_000);
    bytes.writeBigInt64BE(BigInt(first), field.first);
    sign(bytes, { id: 1n, epoch: 0, sequence: 0 }, crc32c);
    first += bytes.readInt32BE(field.count);
    return bytes;
  });
}
