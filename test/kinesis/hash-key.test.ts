import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evenRanges, hashKeyMax, hashKeyOf } from '../../src/kinesis/hash-key.ts';

test('a partition key hashes to the MD5 of its UTF-8 bytes', () => {
  assert.equal(hashKeyOf('a'), 16955237001963240173058271559858726497n);
  assert.equal(hashKeyOf('b'), 195289424170611159128911017612795795343n);
  assert.equal(hashKeyOf('e'), 299611584147932843547128611849858313266n);
  assert.equal(hashKeyOf('f'), 190917122200326810055233066464581373159n);
  // By md5sum.
  assert.equal(hashKeyOf('é'), 0x66ddcd97cfdeabb2f6fb8a999b4bc76fn);
});

test('three even ranges end where AWS ends them', () => {
  assert.deepEqual(
    evenRanges(3).map(({ last }) => last),
    [113427455640312821154458202477256070484n, 226854911280625642308916404954512140969n, hashKeyMax],
  );
});

test('even ranges follow one another and cover the space', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), (count) => {
      const ranges = evenRanges(count);
      assert.equal(ranges.length, count);
      assert.equal(ranges[0]!.first, 0n);
      assert.equal(ranges.at(-1)!.last, hashKeyMax);
      for (let index = 1; index < count; index++) {
        assert.equal(ranges[index]!.first, ranges[index - 1]!.last + 1n);
      }
    }),
    { numRuns: 20 },
  );
});
