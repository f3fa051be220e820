import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Figures } from '../../bench/figures.ts';
import { joined, perRound, type Results, type Run, ratioOf, spreadOf } from '../../bench/results.ts';
import { latencyOf, median } from '../../harness/statistics.ts';

const ours = { scenario: 'PutRecords', contender: 'ours', figure: 'putMicros' } as const;
const theirs = { ...ours, contender: 'theirs' };

test('a ratio is taken within each round, and rounds that lack one side are left out', () => {
  const runs = [
    run('ours', 0, { putMicros: 2 }),
    run('theirs', 0, { putMicros: 20 }),
    run('theirs', 1, { putMicros: 90 }),
    run('ours', 1, { putMicros: 3 }),
    run('ours', 2, { putMicros: 1 }),
  ];
  assert.deepEqual(ratioOf(runs, theirs, ours), { median: 20, min: 10, max: 30, count: 2 });
  assert.equal(ratioOf(runs, { ...ours, contender: 'nobody' }, ours), undefined);
});

test('growth is that of one contender from one place on an axis to another', () => {
  const runs = [
    { ...run('ours', 0, { putMicros: 2 }), at: 10 },
    { ...run('ours', 0, { putMicros: 6 }), at: 10_000 },
    { ...run('ours', 1, { putMicros: 6 }), at: 10_000 },
    { ...run('theirs', 1, { putMicros: 1 }), at: 10 },
  ];
  const growth = ratioOf(runs, { ...ours, at: 10_000 }, { ...ours, at: 10 });
  assert.deepEqual(growth, { median: 3, min: 3, max: 3, count: 1 });
});

test('a number may be computed from several of the same round', () => {
  const runs = [run('ours', 0, { putMicros: 6 }), run('theirs', 0, { putMicros: 2 })];
  assert.equal(perRound(runs, (of) => of(ours) - of(theirs))?.median, 4);
});

test('results of several runs are joined without comparing one with another', () => {
  const first = results('2026-01-01', [run('ours', 0, { putMicros: 2 }), run('ours', 1, { putMicros: 2 })]);
  const second = results('2026-01-02', [
    run('ours', 0, { putMicros: 4 }),
    run('theirs', 0, { putMicros: 8 }),
  ]);
  const { runs, date, command } = joined([second, first]);
  assert.deepEqual(ratioOf(runs, theirs, ours), { median: 2, min: 2, max: 2, count: 1 });
  assert.equal(spreadOf(runs, ours)?.count, 3);
  assert.deepEqual([date, command], ['2026-01-02', 'bench 2026-01-02`, `bench 2026-01-01']);
});

test('medians and percentiles are those of the sorted values', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.deepEqual(latencyOf([5, 1, 4, 2, 3]), { p50Ms: 3, p99Ms: 5, maxMs: 5 });
  assert.deepEqual(latencyOf([10, 9]), { p50Ms: 9, p99Ms: 10, maxMs: 10 });
});

function run(contender: string, round: number, figures: Figures): Run {
  return { scenario: 'PutRecords', round, contender, figures, errors: 0 };
}

function results(date: string, runs: Run[]): Results {
  const machine = {
    processor: 'a processor',
    cores: 2,
    memoryGiB: 4,
    kernel: 'a kernel',
    node: 'v0',
    disk: 'a disk',
  };
  const nothing = { calibrations: [], failures: [], skipped: [], discarded: 0, disturbed: 0 };
  return { ...nothing, date, command: `bench ${date}`, machine, isPinned: true, runs };
}
