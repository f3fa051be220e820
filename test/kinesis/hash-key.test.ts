import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  evenRanges,
  hashKeyMax,
  hashKeyNumber,
  hashKeyOf,
  parseHashKey,
  writeHashKey,
} from '../../src/kinesis/hash-key.ts';

const edges = [
  0n,
  1n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 64n,
  2n ** 96n - 1n,
  2n ** 127n,
  hashKeyMax - 1n,
  hashKeyMax,
];
const hashKey = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: hashKeyMax }));

function hashKeyIn(words: Uint32Array): bigint {
  return words.reduce((value, word) => value * 2n ** 32n + BigInt(word), 0n);
}

/** The hash key in digits that stand among others; undefined when it is none. */
function parsed(digits: string): bigint | undefined {
  const text = Buffer.from(`12${digits}34`);
  const words = new Uint32Array(6).fill(9);
  if (!parseHashKey(text, 2, 2 + digits.length, words, 1)) return undefined;
  assert.deepEqual([words[0], words[5]], [9, 9]);
  return hashKeyIn(words.subarray(1, 5));
}

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

test('a hash key is the same in words, as digits and, nearly, as a double', () => {
  fc.assert(
    fc.property(hashKey, (key) => {
      const words = new Uint32Array(4);
      writeHashKey(words, 0, key);
      assert.equal(hashKeyIn(words), key);
      assert.equal(parsed(String(key)), key);
      assert.ok(Math.abs(hashKeyNumber(words, 0) - Number(key)) <= Number(key) * 2 ** -51);
    }),
  );
});

test('what is no hash key is not taken for one', () => {
  const wrong = ['', '00', '01', '-1', '1.0', '1e3', '12a', '/', ':', ' 1', '9'.repeat(39), '1'.repeat(40)];
  wrong.push(String(hashKeyMax + 1n), String(hashKeyMax * 2n), String(10n ** 39n));
  for (const digits of wrong) assert.equal(parsed(digits), undefined, digits);
});

test('any digits are the number that BigInt reads, if that is a hash key', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{1,41}$/), (digits) => {
      const isHashKey = /^(0|([1-9]\d{0,38}))$/.test(digits) && BigInt(digits) <= hashKeyMax;
      assert.equal(parsed(digits), isHashKey ? BigInt(digits) : undefined);
    }),
  );
});
