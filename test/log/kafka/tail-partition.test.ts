import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf } from '../../../harness/shard-text.ts';
import { TailMemory } from '../../../src/log/kafka/tail-memory.ts';
import { TailPartition } from '../../../src/log/kafka/tail-partition.ts';
import type { LoggedBatch } from '../../../src/log/log.ts';

const plenty = { records: 1_000, bytes: 1_000_000 };

function followed(end: number, partition = 0): TailPartition {
  return new TailPartition({ topic: 'topic', partition }, { start: 0, end });
}

function batchAt(first: number, ...texts: string[]): LoggedBatch {
  return { ...batchOf(...texts), first, arrival: 0 };
}

test('the ends of a partition that are known here only grow', () => {
  const partition = followed(5);
  partition.learn({ start: 2, end: 3 });
  assert.deepEqual(partition.bounds, { start: 2, end: 5 });
  partition.learn({ start: 1, end: 7 });
  assert.deepEqual(partition.bounds, { start: 2, end: 7 });
});

test('what is acknowledged and has not come yet is neither there nor said not to be', () => {
  const memory = new TailMemory(1_000_000);
  const partition = followed(5);
  partition.learn({ start: 0, end: 7 });
  assert.equal(partition.read(5, plenty), undefined);
  memory.keep(partition, [batchAt(5, 'a')], 6);
  assert.deepEqual(
    partition.read(5, plenty)?.batches.map(({ first }) => first),
    [5],
  );
  assert.equal(partition.read(6, plenty), undefined);
  // The other one was a mark.
  memory.keep(partition, [], 7);
  assert.deepEqual(partition.read(6, plenty), { start: 0, end: 7, batches: [], gaps: [6] });
  assert.deepEqual(partition.read(5, plenty)?.gaps, [6]);
  assert.deepEqual(partition.read(7, plenty)?.gaps, []);
});

test('the newest records of all partitions are kept, and never less than the newest one', () => {
  const memory = new TailMemory(3_000);
  const [one, other] = [followed(0), followed(0, 1)];
  for (let at = 0; at < 10; at++) {
    for (const partition of [one, other]) {
      partition.learn({ start: 0, end: at + 1 });
      memory.keep(partition, [batchAt(at, 'x'.repeat(200))], at + 1);
    }
  }
  for (const partition of [one, other]) {
    assert.deepEqual(
      [partition.has(0), partition.has(7), partition.has(9), partition.has(10)],
      [...[false, false, true, true]],
    );
  }
  one.learn({ start: 0, end: 11 });
  memory.keep(one, [batchAt(10, 'x'.repeat(5_000))], 11);
  assert.deepEqual([one.has(9), one.has(10), other.has(9), other.has(10)], [false, true, false, true]);
});
