import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../bench/load.ts';
import {
  figureOf,
  growthOf,
  putMegabytes,
  putMicros,
  type Run,
  ratioOf,
  type Scenario,
} from '../../bench/results.ts';
import { median, percentile } from '../../bench/statistics.ts';

test('a ratio is taken within each round, and rounds that lack one side are left out', () => {
  const runs = [
    run('ours', 0, 2),
    run('theirs', 0, 20),
    run('theirs', 1, 90),
    run('ours', 1, 3),
    run('ours', 2, 1),
  ];
  assert.deepEqual(ratioOf(runs, 'theirs', 'ours', putMicros), { median: 20, min: 10, max: 30, count: 2 });
  assert.equal(ratioOf(runs, 'nobody', 'ours', putMicros), undefined);
});

test('growth is that of one contender from one scenario to another, within each round', () => {
  const runs = [
    run('ours', 0, 2, 'shards 10'),
    run('ours', 0, 6, 'shards 10000'),
    run('ours', 1, 6, 'shards 10000'),
    run('theirs', 1, 1, 'shards 10'),
  ];
  assert.deepEqual(growthOf(runs, 'ours', 'shards 10000', 'shards 10', putMicros), {
    median: 3,
    min: 3,
    max: 3,
    count: 1,
  });
});

test('CPU is per record and megabytes are decimal', () => {
  const runs = [run('ours', 0, 2)];
  assert.equal(figureOf(runs, 'ours', putMicros, 'PutRecords')?.median, 2_000_000);
  assert.equal(figureOf(runs, 'ours', putMegabytes, 'PutRecords')?.median, 1);
  assert.equal(figureOf(runs, 'ours', putMicros, 'fill'), undefined);
});

test('medians and percentiles are those of the sorted values', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(percentile([5, 1, 4, 2, 3], 0.5), 3);
  assert.equal(percentile([5, 1, 4, 2, 3], 0.99), 5);
});

function run(contender: string, round: number, cpuSeconds: number, scenario: Scenario = 'PutRecords'): Run {
  const put: Outcome = {
    records: 1,
    bytes: 2_000_000,
    seconds: 2,
    cpuSeconds,
    foreignShare: 0,
    p50Ms: 1,
    p99Ms: 1,
    acknowledged: 1,
    errors: 0,
  };
  return { scenario, round, contender, startMs: 1, residentBytes: 1, put };
}
