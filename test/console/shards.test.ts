import assert from 'node:assert/strict';
import { test } from 'node:test';
import { genealogyOf, kin, neighbours, nextShard } from '../../console/pages/stream/shards/genealogy.ts';
import {
  evenRanges,
  fractionOf,
  type HashRange,
  partOf,
  shareOf,
  wholeRange,
  zoomed,
} from '../../console/pages/stream/shards/hash-range.ts';
import { heatOfLimit, heatOfShare, limitUse, timesFair } from '../../console/pages/stream/shards/heat.ts';
import { mapCells, rangeOf } from '../../console/pages/stream/shards/map-cells.ts';
import { scaleEffect } from '../../console/pages/stream/shards/scale-effect.ts';
import {
  halfOf,
  indivisibleKey,
  loadBelow,
  splitBounds,
  splitFrom,
} from '../../console/pages/stream/shards/where-to-split.ts';
import { shardLimits } from '../../console/pages/stream/stream-limits.ts';
import { evenRanges as rangesOfServer } from '../../src/kinesis/hash-key.ts';
import { shardSight, splitOften } from './shard-sights.ts';

test('a hash key lies in the whole range as far along as it is', () => {
  assert.equal(fractionOf(wholeRange, 0n), 0);
  assert.equal(fractionOf(wholeRange, 1n << 127n), 0.5);
  assert.equal(fractionOf(wholeRange, wholeRange.last + 1n), 1);
  assert.equal(shareOf({ first: 1n << 126n, last: (1n << 127n) - 1n }, wholeRange), 0.25);
});

test('even ranges are those that the server makes', () => {
  for (const count of [1, 2, 3, 7, 1000]) assert.deepEqual(evenRanges(count), rangesOfServer(count));
});

test('a view never leaves the hash keys that there are', () => {
  let view: HashRange = { first: 5n, last: 2000n };
  view = zoomed(view, 'out');
  assert.equal(view.first, 0n);
  for (let step = 0; step < 130; step++) view = zoomed(view, 'out');
  assert.deepEqual(view, wholeRange);
  for (let step = 0; step < 130; step++) view = zoomed(view, 'in');
  assert.ok(view.last - view.first >= 1023n);
  const part = partOf(wholeRange, 0.25, 0.5, 1024n);
  assert.deepEqual(part, { first: 1n << 126n, last: (1n << 127n) - 1n });
  assert.deepEqual(partOf(wholeRange, 1, 1, 1024n), {
    first: wholeRange.last - 1023n,
    last: wholeRange.last,
  });
});

test('what was open together lies side by side in the drawing, and nothing covers anything else', () => {
  for (const seed of [1, 2, 3]) {
    const family = genealogyOf(splitOften(60, seed));
    for (let row = 0; row < family.rows; row++) {
      const inRow = family.shards.filter(({ top, bottom }) => top <= row && row < bottom);
      const sorted = inRow.sort((a, b) => (a.first < b.first ? -1 : 1));
      assert.equal(sorted[0]!.first, 0n);
      for (const [index, shard] of sorted.entries()) {
        const next = sorted[index + 1];
        assert.equal(shard.last + 1n, next === undefined ? wholeRange.last + 1n : next.first, `row ${row}`);
      }
    }
    assert.ok(family.shards.every(({ isOpen, bottom }) => !isOpen || bottom === family.rows));
  }
});

test('parents that expired are left out, and their children begin the family', () => {
  const [left, right] = evenRanges(2);
  const family = genealogyOf([
    shardSight(7, left!, { parents: [3] }),
    shardSight(8, right!, { parents: [3, 4], closed: true }),
    shardSight(9, right!, { parents: [8] }),
  ]);
  assert.deepEqual(
    family.shards.map(({ top, bottom, parents }) => [top, bottom, parents]),
    [
      [0, 2, []],
      [0, 1, []],
      [1, 2, [1]],
    ],
  );
});

test('a shard can be merged with the open ones beside it only', () => {
  const quarters = evenRanges(4);
  const family = genealogyOf([
    shardSight(0, quarters[0]!),
    shardSight(1, quarters[1]!),
    shardSight(2, quarters[3]!),
    shardSight(3, quarters[2]!, { closed: true }),
  ]);
  assert.deepEqual(neighbours(family, 0), { upper: 1 });
  assert.deepEqual(neighbours(family, 1), { lower: 0 });
  assert.deepEqual(neighbours(family, 2), {});
  assert.deepEqual(neighbours(family, 3), {});
});

test('the keyboard finds its way through a family and back', () => {
  const [left, right] = evenRanges(2);
  const family = genealogyOf([
    shardSight(0, wholeRange, { closed: true }),
    shardSight(1, left!, { parents: [0] }),
    shardSight(2, right!, { parents: [0] }),
  ]);
  assert.equal(nextShard(family, 0, 'down'), 1);
  assert.equal(nextShard(family, 1, 'right'), 2);
  assert.equal(nextShard(family, 2, 'right'), 2);
  assert.equal(nextShard(family, 2, 'left'), 1);
  assert.equal(nextShard(family, 2, 'up'), 0);
  assert.equal(nextShard(family, 0, 'left'), 0);
  assert.deepEqual(kin(family, 0, 'children'), new Set([1, 2]));
  assert.deepEqual(kin(family, 2, 'parents'), new Set([0]));
});

test('ten thousand shards are drawn as cells that can be pointed at, each shard in one of them', () => {
  const sights = evenRanges(10_000).map((range, index) => shardSight(index, range));
  const family = genealogyOf(sights);
  const cells = mapCells(family, wholeRange, 1200);
  assert.ok(cells.length <= 241, `${cells.length} cells`);
  assert.ok(cells.every(({ x, width }) => x >= 0 && width > 0 && x + width <= 1200));
  const drawn = cells.flatMap(({ shards }) => shards);
  assert.equal(drawn.length, 10_000);
  assert.equal(new Set(drawn).size, 10_000);

  const view = rangeOf(family, cells[100]!);
  assert.equal(view.first, family.shards[cells[100]!.shards[0]!]!.first);
  const near = mapCells(family, view, 1200);
  assert.deepEqual(
    near.map(({ shards }) => shards.length),
    cells[100]!.shards.map(() => 1),
  );
});

test('a single shard is the whole drawing, and old generations are left out of it', () => {
  const one = mapCells(genealogyOf([shardSight(0, wholeRange)]), wholeRange, 800);
  assert.deepEqual(one, [{ x: 0, width: 800, top: 0, bottom: 1, shards: [0] }]);
  const chain = Array.from({ length: 40 }, (_, index) =>
    shardSight(index, wholeRange, { closed: index < 39, parents: index === 0 ? [] : [index - 1] }),
  );
  const cells = mapCells(genealogyOf(chain), wholeRange, 800);
  assert.deepEqual(
    cells.map(({ top }) => top),
    Array.from({ length: 12 }, (_, row) => 28 + row),
  );
});

test('a shard is split within its hash keys, and nowhere else', () => {
  const range = { first: 100n, last: 199n };
  assert.deepEqual(splitBounds(range), { first: 102n, last: 198n });
  assert.equal(halfOf(range), 150n);
  assert.equal(splitFrom(' 102 ', range), 102n);
  assert.equal(splitFrom('101', range), 'too low');
  assert.equal(splitFrom('198', range), 198n);
  assert.equal(splitFrom('199', range), 'too high');
  assert.equal(splitFrom('1e3', range), 'no number');
  assert.equal(halfOf({ first: 0n, last: 2n }), undefined);
  assert.equal(halfOf({ first: 0n, last: 3n }), 2n);
  assert.equal(halfOf(wholeRange), 1n << 127n);
});

test('what a split leaves below is known by hot keys, and by hash keys for the rest', () => {
  const range = { first: 0n, last: 99n };
  const hot = [
    { Key: 'a', HashKey: '10', Share: 0.4, Error: 0 },
    { Key: 'b', HashKey: '80', Share: 0.2, Error: 0 },
  ];
  assert.equal(loadBelow(range, [], 25n), 0.25);
  assert.ok(Math.abs(loadBelow(range, hot, 50n) - (0.4 + 0.4 * 0.5)) < 1e-9);
  // The key at the hash key itself goes above it.
  assert.ok(Math.abs(loadBelow(range, hot, 10n) - 0.04) < 1e-9);
  assert.equal(indivisibleKey(hot), undefined);
  assert.equal(indivisibleKey([{ Key: 'c', HashKey: '3', Share: 0.7, Error: 0.1 }])?.Key, 'c');
  assert.equal(indivisibleKey([{ Key: 'c', HashKey: '3', Share: 0.7, Error: 0.4 }]), undefined);
});

test('heat is by the fair share or by the limit', () => {
  const awsLimits = shardLimits(undefined);
  assert.equal(limitUse({ recordsIn: 100, bytesIn: 0 }, shardLimits({ WriteRecordsPerSecond: 50 })), 2);
  assert.equal(timesFair(50, 100, 4), 2);
  assert.equal(timesFair(0, 0, 4), 0);
  assert.deepEqual([0, 0.4, 1, 2, 3, 9].map(heatOfShare), [0, 1, 2, 3, 4, 5]);
  assert.equal(limitUse({ recordsIn: 100, bytesIn: 512 * 1024 }, awsLimits), 0.5);
  const load = (recordsIn: number, recordsThrottled = 0) => ({ recordsIn, bytesIn: 0, recordsThrottled });
  assert.deepEqual(
    [load(0), load(100), load(400), load(700), load(800), load(950), load(100, 1)].map((one) =>
      heatOfLimit(one, awsLimits),
    ),
    [0, 1, 2, 3, 4, 5, 5],
  );
});

test('scaling closes what is not even yet, and leaves what is', () => {
  assert.deepEqual(scaleEffect(evenRanges(4), 8), { closes: 4, opens: 8, stays: 0 });
  assert.deepEqual(scaleEffect(evenRanges(4), 4), { closes: 0, opens: 0, stays: 4 });
  const [lower, upper] = evenRanges(2);
  const [third, fourth] = evenRanges(4).slice(2);
  assert.deepEqual(scaleEffect([lower!, third!, fourth!], 2), { closes: 2, opens: 1, stays: 1 });
  assert.deepEqual(scaleEffect([lower!, upper!], 3), { closes: 2, opens: 3, stays: 0 });
});
