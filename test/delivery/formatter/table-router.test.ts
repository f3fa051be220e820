import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TableRouter } from '../../../src/delivery/formatter/table-router.ts';
import { schemaOfGlueColumns } from '../../../src/delivery/schema/glue-columns.ts';
import type { TablePartition } from '../../../src/iceberg/iceberg-table.ts';
import { isKey } from '../../../src/objects/object-names.ts';
import { usualReading } from '../format/rows-in-parquet.ts';
import { recordsOf } from '../record/some-records.ts';

function routerBy(transform: TablePartition['transform'], Type: string): TableRouter {
  const schema = schemaOfGlueColumns([{ Name: 'at', Type }]);
  const table = {
    name: 'n.t',
    schema,
    partition: { column: 'at', transform },
    specId: 0,
    location: 's3://bucket/t',
  };
  return new TableRouter([table], usualReading);
}

test('every value has a partition of its own, in a folder that a store can have', () => {
  const values = [
    '"..\\u0000/"',
    '"\\ud800"',
    `"${'é'.repeat(5_000)}"`,
    `"${'é'.repeat(5_001)}"`,
    '1',
    '"1 "',
    'null',
  ];
  const { groups, refused } = routerBy('identity', 'string').route(
    recordsOf(values.map((value) => `{"at":${value}}`)),
    0,
  );
  assert.equal(groups.length, values.length);
  assert.equal(refused.length, 0);
  for (const { folder } of groups) assert(isKey(folder) && Buffer.byteLength(folder) <= 201, folder);
});

test('hours that one folder stands for are partitions of their own', () => {
  const times = ['0000-01-01 00:00:00', '9999-12-31 22:00:00', '9999-12-31 23:00:00'];
  const { groups } = routerBy('hour', 'timestamp').route(
    recordsOf(times.map((at) => JSON.stringify({ at }))),
    0,
  );
  assert.deepEqual(
    groups.map(({ folder, partition }) => [folder, partition]),
    [
      ['at_hour=0000-01-01-00/', -17_268_672],
      ['at_hour=9999-12-31-22/', 70_389_526],
      ['at_hour=9999-12-31-23/', 70_389_527],
    ],
  );
});

test('a whole number is in its own partition however it is written', () => {
  const { groups } = routerBy('identity', 'bigint').route(
    recordsOf(['{"at":2000}', '{"at":2e3}', '{"at":2000.0}', '{"at":"2e3"}', '{"at":2.5}']),
    0,
  );
  assert.deepEqual(
    groups.map(({ partition, records }) => [partition, records.length]),
    [
      [2_000, 4],
      [null, 1],
    ],
  );
});

test('a chunk of many partitions is full, and has no more than memory can hold', () => {
  const router = routerBy('identity', 'int');
  const route = (from: number, to: number) => {
    const rows = Array.from({ length: to - from }, (_, nth) => `{"at":${from + nth}}`);
    return router.route(recordsOf([rows.join('')]), 0);
  };
  assert.equal(route(0, 499).groups.length, 499);
  assert.equal(router.isFull, false);
  assert.equal(route(499, 500).groups.length, 1);
  assert.equal(router.isFull, true);
  const { groups, refused } = route(490, 1_300);
  assert.deepEqual([groups.length, refused.length], [510, 300]);
  assert.equal(`${refused[0]!.record.data}`, '{"at":1000}');
});
