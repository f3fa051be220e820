import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeBatch, recordsOf, sizeOf } from '../../src/kinesis/record.ts';
import { anyCharacter } from '../any-character.ts';

const record = fc.record({
  partitionKey: fc.option(fc.string({ unit: anyCharacter, maxLength: 256 }), { nil: undefined }),
  data: fc.uint8Array({ maxLength: 300 }),
});

test('records come out of a batch as they went in, one offset after the other', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), fc.nat(), (records, first) => {
      const batch = encodeBatch(records);
      const stored = [...recordsOf({ ...batch, first, arrival: 5 })];
      assert.equal(batch.count, records.length);
      assert.deepEqual(
        stored.map(({ offset, arrival, partitionKey, data }) => ({
          offset,
          arrival,
          partitionKey,
          data: Uint8Array.from(data),
        })),
        records.map((input, index) => ({ offset: first + index, arrival: 5, ...input })),
      );
    }),
  );
});

test('the layout of a batch: lengths in big-endian, key, data', () => {
  const { bytes } = encodeBatch([
    { partitionKey: 'é', data: Buffer.from('abc') },
    { partitionKey: undefined, data: Buffer.from('d') },
  ]);
  assert.equal(bytes.toString('hex'), '0000000300020000c3a9616263' + '00000001ffff000064');
});

test('the longest key has room', () => {
  const partitionKey = '€'.repeat(256);
  const [stored] = recordsOf({
    ...encodeBatch([{ partitionKey, data: Buffer.alloc(0) }]),
    first: 0,
    arrival: 0,
  });
  assert.equal(stored?.partitionKey, partitionKey);
});

test('an empty key is a key, no key is none', () => {
  const records = [
    { partitionKey: '', data: Buffer.alloc(0) },
    { partitionKey: undefined, data: Buffer.alloc(0) },
  ];
  const stored = [...recordsOf({ ...encodeBatch(records), first: 0, arrival: 0 })];
  assert.deepEqual(
    stored.map(({ partitionKey }) => partitionKey),
    ['', undefined],
  );
});

test("a record's size is its data and its key in UTF-8", () => {
  assert.equal(sizeOf({ partitionKey: '€a', data: Buffer.alloc(10) }), 14);
  assert.equal(sizeOf({ partitionKey: undefined, data: Buffer.alloc(10) }), 10);
});
