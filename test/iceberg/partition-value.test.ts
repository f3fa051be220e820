import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TablePartition } from '../../src/iceberg/iceberg-table.ts';
import { partitionFolderOf, partitionValueOf } from '../../src/iceberg/partition-value.ts';

// By the examples of the specification, "Partition Transforms", and PyIceberg's answers for moments before
// 1970.
const moments: readonly [text: string, hour: number, day: number, month: number, year: number][] = [
  ['1970-01-01T00:00:00Z', 0, 0, 0, 0],
  ['2017-11-16T22:31:08Z', 419_686, 17_486, 574, 47],
  ['2024-02-29T23:59:59Z', 474_791, 19_782, 649, 54],
  ['1969-12-31T23:59:59Z', -1, -1, -1, -1],
  ['1969-12-31T00:00:00Z', -24, -1, -1, -1],
  ['1968-01-01T00:00:00Z', -17_544, -731, -24, -2],
];

test('hours, days, months and years of moments are counted from 1970, rounded down', () => {
  for (const [text, ...expected] of moments) {
    const micros = BigInt(Date.parse(text)) * 1000n;
    const found = (['hour', 'day', 'month', 'year'] as const).map((transform) =>
      partitionValueOf(transform, 'timestamptz', micros),
    );
    assert.deepEqual(found, expected, text);
    const days = Math.floor(Date.parse(text) / 86_400_000);
    const ofDate = (['day', 'month', 'year'] as const).map((transform) =>
      partitionValueOf(transform, 'date', days),
    );
    assert.deepEqual(ofDate, expected.slice(1), text);
  }
});

test('a value is itself by identity, and null by any', () => {
  assert.equal(partitionValueOf('identity', 'string', 'AA'), 'AA');
  assert.equal(partitionValueOf('identity', 'boolean', false), 'false');
  assert.equal(partitionValueOf('identity', 'long', 2n ** 62n), String(2n ** 62n));
  assert.equal(partitionValueOf('hour', 'timestamptz', null), null);
});

test("a partition's folder says its value as Iceberg's writers do", () => {
  const folders = [
    ['hour', 419_686],
    ['day', 17_486],
    ['month', 574],
    ['year', 47],
    ['identity', 'A/A=1'],
    ['identity', null],
  ] as const;
  const found = folders.map(([transform, value]) => {
    const partition: TablePartition = { column: 'at', transform };
    return partitionFolderOf(partition, value);
  });
  assert.deepEqual(found, [
    'at_hour=2017-11-16-22',
    'at_day=2017-11-16',
    'at_month=2017-11',
    'at_year=2017',
    'at=A%2FA%3D1',
    'at=null',
  ]);
});
