import assert from 'node:assert/strict';
import { test } from 'node:test';
import { polylineOf } from '../../../console/parts/polyline.ts';
import { sortAfterPress, sorted, sortOf } from '../../../console/parts/sorted.ts';

const columns = [
  { id: 'name', sortBy: ({ name }: Row) => name },
  { id: 'size', sortBy: ({ size }: Row) => size },
  { id: 'note' },
];
type Row = { readonly name: string; readonly size: number };
const rows: readonly Row[] = [
  { name: 'shard-10', size: 1 },
  { name: 'shard-9', size: 2 },
  { name: 'shard-1', size: 2 },
];

test('rows are sorted by a column, numbers in their names as numbers, and those alike stay in their order', () => {
  const names = (sort?: string) => sorted(rows, columns, sort).map(({ name }) => name);
  assert.deepEqual(names('name'), ['shard-1', 'shard-9', 'shard-10']);
  assert.deepEqual(names('-name'), ['shard-10', 'shard-9', 'shard-1']);
  assert.deepEqual(names('-size'), ['shard-9', 'shard-1', 'shard-10']);
  for (const none of [undefined, 'note', 'nothing']) assert.equal(sorted(rows, columns, none), rows);
});

test('a press on a head sorts by it, and another one the other way round', () => {
  assert.deepEqual([sortAfterPress('name', 'size'), sortAfterPress('size', 'size')], ['size', '-size']);
  assert.equal(sortAfterPress('-size', 'size'), 'size');
  assert.deepEqual(sortOf('-size'), { id: 'size', isDescending: true });
});

test('a curve goes from left to right, and stays within its height', () => {
  const area = { width: 10, height: 12 };
  assert.equal(polylineOf([0, 5, 10], area), '0.0,11.0 5.0,6.0 10.0,1.0');
  assert.equal(polylineOf([5, 20, -3], { ...area, most: 10 }), '0.0,6.0 5.0,1.0 10.0,11.0');
  assert.equal(polylineOf([3], area), '0,1.0 10,1.0');
  assert.equal(polylineOf([0, 0], area), '0.0,11.0 10.0,11.0');
  assert.equal(polylineOf([], area), '');
});
