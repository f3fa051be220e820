import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evenRanges, type HashKeyRange, hashKeyMax, hashKeyOf } from '../../src/kinesis/hash-key.ts';
import { Load, ShardLoad } from '../../src/stream/load.ts';
import { sampleStream } from '../kinesis/sample.ts';

const wholeSpace = { first: 0n, last: hashKeyMax };

function loadOf(range: HashKeyRange, keys: readonly bigint[], bytes = 1): ShardLoad {
  const load = new ShardLoad(range);
  for (const key of keys) load.add(Number(key), bytes);
  return load;
}

/** The part of the keys that is below. */
function partBelow(at: bigint, keys: readonly bigint[]): number {
  return keys.filter((key) => key < at).length / keys.length;
}

test('a shard is halved in the middle when its load is spread evenly', () => {
  const keys = Array.from({ length: 640 }, (_, index) => (hashKeyMax / 640n) * BigInt(index));
  assert.equal(loadOf(wholeSpace, keys).halvingKey(), 1n << 127n);
});

test('a shard is halved where its load is, not where its range is', () => {
  const keys = Array.from({ length: 800 }, (_, index) => hashKeyMax - (hashKeyMax / 8000n) * BigInt(index));
  const at = loadOf(wholeSpace, keys).halvingKey()!;
  assert.ok(at > (hashKeyMax / 100n) * 93n, 'the load is in the last tenth');
  assert.ok(Math.abs(partBelow(at, keys) - 0.5) < 0.16, String(partBelow(at, keys)));
});

test('hashed partition keys are halved in every shard of a stream', () => {
  for (const range of evenRanges(8)) {
    const keys = Array.from({ length: 8000 }, (_, index) => hashKeyOf(`key ${index}`)).filter(
      (key) => key >= range.first && key <= range.last,
    );
    const at = loadOf(range, keys).halvingKey()!;
    assert.ok(Math.abs(partBelow(at, keys) - 0.5) < 0.05, String(partBelow(at, keys)));
  }
});

test('large records weigh more than small ones, and small ones weigh for being records', () => {
  const large = new ShardLoad(wholeSpace);
  large.add(0, 100_000);
  for (let nth = 0; nth < 50; nth++) large.add(Number(hashKeyMax), 100);
  assert.equal(large.halvingKey(), hashKeyMax / 64n + 1n);
  const none = new ShardLoad(wholeSpace);
  none.add(0, 10_000);
  none.add(Number(hashKeyMax), 100);
  assert.equal(none.halvingKey(), undefined, 'less than an eighth would be gained');
});

test('a single key is not split for', () => {
  assert.equal(loadOf(wholeSpace, [7n, 7n, 7n]).halvingKey(), undefined);
});

test('records without a hash key count, but have no place', () => {
  const load = new ShardLoad(wholeSpace);
  load.add(undefined, 10);
  assert.deepEqual([load.bytes, load.records, load.halvingKey()], [10, 1, undefined]);
});

test('wherever a shard is split, both halves have hash keys', () => {
  const someWidth = fc.oneof(fc.bigInt(0n, 130n), fc.bigInt(0n, hashKeyMax));
  const someRange = someWidth.chain((width) =>
    fc.bigInt(0n, hashKeyMax - width).map((first) => ({ first, last: first + width })),
  );
  const somePuts = fc.array(fc.record({ permille: fc.nat(1000), bytes: fc.nat(1000) }));
  fc.assert(
    fc.property(someRange, somePuts, (range, puts) => {
      const load = new ShardLoad(range);
      for (const { permille, bytes } of puts) {
        load.add(Number(range.first + ((range.last - range.first) * BigInt(permille)) / 1000n), bytes);
      }
      const at = load.halvingKey();
      assert.ok(at === undefined || (at > range.first && at <= range.last));
    }),
  );
});

test('a stream is measured shard by shard, until what was measured is taken', () => {
  const stream = sampleStream(2);
  const load = new Load();
  load.of(stream, stream.shards[1]!).add(Number(hashKeyMax), 5);
  load.of(stream, stream.shards[1]!).add(Number(hashKeyMax), 6);
  const shards = load.take().get(stream.id)!;
  assert.deepEqual([...shards.keys()], [1]);
  assert.deepEqual([shards.get(1)!.bytes, shards.get(1)!.records], [11, 2]);
  assert.equal(load.take().size, 0);
});
