import '../property-seed.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { partOf } from '../../src/kinesis/batch-part.ts';
import { recordsOf } from '../../src/kinesis/record.ts';
import { batches } from './arbitrary-batch.ts';

const rooms = fc.record({
  records: fc.nat(14),
  dataBytes: fc.integer({ min: -10, max: 9000 }),
  atLeast: fc.nat(1),
});

test('a part holds the records from an offset on, until there is no room for the next', () => {
  fc.assert(
    fc.property(batches(fc.nat(100)), fc.nat(13), fc.boolean(), rooms, (whole, ahead, isBefore, room) => {
      const from = isBefore ? whole.first - ahead : whole.first + Math.min(ahead, whole.count);
      const expected = [];
      let dataBytes = 0;
      for (const record of recordsOf(whole)) {
        if (record.offset < from) continue;
        const isTooMuch = dataBytes + record.data.length > room.dataBytes && expected.length >= room.atLeast;
        if (isTooMuch || expected.length === room.records) break;
        expected.push(record);
        dataBytes += record.data.length;
      }
      const part = partOf(whole, from, room);
      assert.deepEqual([...recordsOf(part.batch)], expected);
      assert.equal(part.dataBytes, dataBytes);
      assert.equal(part.batch.first, Math.max(from, whole.first));
    }),
    { numRuns: 2000 },
  );
});

test('a batch of which all records fit is not made again', () => {
  fc.assert(
    fc.property(batches(), (whole) => {
      const room = { records: whole.count, dataBytes: whole.bytes.length, atLeast: 0 };
      assert.equal(partOf(whole, whole.first, room).batch, whole);
    }),
  );
});
