import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashKeyMax, hashKeyOf } from '../../../src/kinesis/hash-key.ts';
import { sampleStream } from '../../kinesis/sample.ts';
import { MeterWorld, type TestRecord } from './meter-world.ts';

const stream = sampleStream(1);
const minute = 60_000;

/** Records of which so many in ten have this key, the others one of their own. */
function mixed(count: number, key: string, inTen: number, from = 0): TestRecord[] {
  return Array.from({ length: count }, (_, nth) => ({
    key: (nth * 7) % 10 < inTen ? key : `k${from + nth}`,
  }));
}

test('a key that comes often is named, with its share and where it lies', () => {
  const world = new MeterWorld([stream]);
  for (let nth = 0; nth < 40; nth++) world.put(stream, mixed(500, 'hot', 3, nth * 500));
  const [hottest, ...others] = world.heatOf(stream, 0)!.hotKeys;
  assert.deepEqual([hottest!.key, hottest!.hashKey], ['hot', hashKeyOf('hot')]);
  assert.ok(Math.abs(hottest!.share - 0.3) < 0.06, String(hottest!.share));
  assert.deepEqual(others, []);
});

test('the sketch promises what Space-Saving does: no key of more than a 32nd is missing, and errors are bounds', () => {
  const world = new MeterWorld([stream]);
  // All are looked at: a thousand in a second.
  const keys = Array.from({ length: 1_000 }, (_, nth) =>
    nth % 3 === 0 ? `k${nth}` : `hot ${(nth * 5) % 11}`,
  );
  world.put(
    stream,
    keys.map((key) => ({ key })),
  );
  const { hotKeys } = world.heatOf(stream, 0)!;
  for (let hot = 0; hot < 11; hot++) {
    const key = `hot ${hot}`;
    const share = keys.filter((each) => each === key).length / keys.length;
    const told = hotKeys.find((each) => each.key === key);
    assert.ok(told !== undefined && told.share >= share && told.share - told.error <= share, key);
  }
});

test('keys that are all different are none of them hot, and their shard is halved in the middle', () => {
  const world = new MeterWorld([stream]);
  for (let nth = 0; nth < 60; nth++) world.put(stream, mixed(500, '', 0, nth * 500));
  const { hotKeys, splitAt } = world.heatOf(stream, 0)!;
  assert.deepEqual(hotKeys, []);
  const part = Number((splitAt! * 1_000n) / hashKeyMax) / 1_000;
  assert.ok(Math.abs(part - 0.5) < 0.05, String(part));
});

test('no split is named where one key is all of it', () => {
  const world = new MeterWorld([stream]);
  world.put(stream, mixed(500, 'hot', 10));
  const { hotKeys, splitAt } = world.heatOf(stream, 0)!;
  assert.deepEqual([hotKeys[0]!.share, splitAt], [1, undefined]);
});

test('a key that has cooled down is followed by one that is hot now, and after ten minutes nothing is news', async () => {
  const world = new MeterWorld([stream]);
  const hottest = () => world.heatOf(stream, 0)?.hotKeys[0]?.key;
  for (let nth = 0; nth < 20; nth++) world.put(stream, mixed(500, 'before', 8, nth * 500));
  assert.equal(hottest(), 'before');
  await world.clock.advance(3 * minute);
  assert.equal(hottest(), 'before');
  for (let nth = 0; nth < 10; nth++) world.put(stream, mixed(500, 'now', 8, nth * 500));
  assert.equal(hottest(), 'now');
  await world.clock.advance(11 * minute);
  assert.equal(world.heatOf(stream, 0), undefined);
});

test('producers that take turns with 16 keys have each of them seen', () => {
  const world = new MeterWorld([stream]);
  for (let nth = 0; nth < 100; nth++) {
    world.put(
      stream,
      Array.from({ length: 480 }, (_, index) => ({ key: `k${index % 16}` })),
    );
  }
  const { hotKeys } = world.heatOf(stream, 0)!;
  assert.equal(hotKeys.length, 16);
  assert.ok(
    hotKeys.every(({ share }) => Math.abs(share - 1 / 16) < 0.04),
    JSON.stringify(hotKeys, text),
  );
});

test('what several threads have seen is one thing', () => {
  const world = new MeterWorld([stream], 2);
  for (let nth = 0; nth < 20; nth++) {
    world.put(stream, mixed(500, 'left', 4, nth * 500), { meter: world.meters[0]! });
    world.put(stream, mixed(500, 'right', 8, nth * 500), { meter: world.meters[1]! });
  }
  const { hotKeys } = world.heatOf(stream, 0)!;
  assert.deepEqual(
    hotKeys.map(({ key }) => key),
    ['right', 'left'],
  );
  const [right, left] = hotKeys;
  // What the other thread did not name may be as much as its lightest.
  assert.ok(right!.share >= 0.36 && right!.share - right!.error <= 0.44, JSON.stringify(right, text));
  assert.ok(left!.share >= 0.16 && left!.share - left!.error <= 0.24, JSON.stringify(left, text));
});

test('an explicit hash key is what a key is told apart by', () => {
  const world = new MeterWorld([stream]);
  const records = Array.from({ length: 200 }, (_, nth) => ({
    key: 'same',
    hashKey: BigInt(nth % 2) << 120n,
  }));
  world.put(stream, records);
  const { hotKeys } = world.heatOf(stream, 0)!;
  assert.deepEqual(
    hotKeys
      .map(({ key, hashKey, share }) => [key, hashKey, share])
      .sort(([, one], [, other]) => (one! < other! ? -1 : 1)),
    [
      ['same', 0n, 0.5],
      ['same', 1n << 120n, 0.5],
    ],
  );
});

function text(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
