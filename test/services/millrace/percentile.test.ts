import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentileMs } from '../../../src/services/millrace/parts/percentile.ts';
import { bucketSeconds } from '../../../src/stream/meter/counts.ts';

/** Buckets with so many calls of at most so many seconds. */
function bucketsOf(counts: Readonly<Record<string, number>>): number[] {
  return [...bucketSeconds, Infinity].map((end) => counts[String(end)] ?? 0);
}

test('a percentile lies in the bucket that it falls into, as far as its share of that goes', () => {
  const buckets = bucketsOf({ 0.001: 90, 0.005: 10 });
  // From 0.5 ms to 1 ms lie 90 calls: the 45th of them is in the middle.
  assert.equal(percentileMs(buckets, 0.45), 0.75);
  assert.equal(percentileMs(buckets, 0.9), 1);
  assert.equal(percentileMs(buckets, 0.95), 2.5 + 2.5 / 2);
  assert.equal(percentileMs(buckets, 1), 5);
});

test('without calls there is none, and calls beyond the last bucket count as its beginning', () => {
  assert.equal(percentileMs(bucketsOf({}), 0.99), 0);
  assert.equal(percentileMs(bucketsOf({ Infinity: 3 }), 0.5), 10_000);
});
