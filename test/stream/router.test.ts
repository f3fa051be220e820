import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashKeyMax, hashKeyOf, writeHashKey } from '../../src/kinesis/hash-key.ts';
import type { Shard, Stream } from '../../src/kinesis/stream.ts';
import { routerOf } from '../../src/stream/router.ts';
import { sampleStream, sampleTime } from '../kinesis/sample.ts';

const hashKey = fc.bigInt({ min: 0n, max: hashKeyMax });

/** Shards that partition the space at the cuts; every second cut also has a closed shard over it. */
function shardsAt(cuts: readonly bigint[]): Shard[] {
  const bounds = [0n, ...cuts, hashKeyMax + 1n];
  const open = cuts.map((_, index) => shardOf(index, bounds[index]!, bounds[index + 1]! - 1n));
  open.push(shardOf(cuts.length, bounds.at(-2)!, hashKeyMax));
  const closed = { at: sampleTime, end: 0, childrenAt: sampleTime + 1000 };
  return [...open, { ...shardOf(cuts.length + 1, 0n, hashKeyMax), closed }];
}

function shardOf(index: number, first: bigint, last: bigint): Shard {
  return { index, parents: [], range: { first, last }, createdAt: sampleTime };
}

/** The shard that a stream's router finds for a hash key, which stands behind another one. */
function found(stream: Stream, key: bigint): Shard {
  const hashKeys = new Uint32Array(8).fill(0xffff_ffff);
  writeHashKey(hashKeys, 4, key);
  const router = routerOf(stream);
  return router.shards[router.find(hashKeys, 4)]!;
}

test('the router finds the open shard that a linear search finds', () => {
  // Some of which differ from others in their last words only.
  const cut = fc.oneof(
    fc.bigInt({ min: 1n, max: hashKeyMax }),
    fc.bigInt({ min: 1n, max: 9n }).map((low) => 2n ** 127n + low),
    fc.bigInt({ min: 1n, max: 9n }).map((middle) => 2n ** 127n + middle * 2n ** 32n),
  );
  const cuts = fc.uniqueArray(cut, { maxLength: 20 });
  fc.assert(
    fc.property(cuts, fc.array(hashKey), (cuts, keys) => {
      const sorted = cuts.toSorted((a, b) => (a < b ? -1 : 1));
      const stream = sampleStream(0, { shards: shardsAt(sorted) });
      const edges = [0n, hashKeyMax, ...sorted, ...sorted.map((cut) => cut - 1n)];
      for (const key of [...keys, ...edges]) {
        const expected = stream.shards.find(
          ({ closed, range }) => closed === undefined && range.first <= key && key <= range.last,
        );
        assert.equal(found(stream, key), expected);
      }
    }),
  );
});

test('the order of the shards does not matter', () => {
  const stream = sampleStream(5);
  const shuffled = sampleStream(5, { shards: stream.shards.toReversed() });
  for (const text of ['a', 'b', 'c', 'd']) {
    const key = hashKeyOf(text);
    assert.deepEqual(found(shuffled, key), found(stream, key));
  }
});

test('partition keys go where AWS puts them', () => {
  const placed = ['a', 'b', 'e', 'f'].map((key) => found(sampleStream(3), hashKeyOf(key)).index);
  assert.deepEqual(placed, [0, 1, 2, 1]);
});

test('a stream has one router', () => {
  const stream = sampleStream(2);
  assert.equal(routerOf(stream), routerOf(stream));
  assert.equal(routerOf({ ...stream, retentionHours: 48 }), routerOf(stream));
});
