import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { apply } from '../../src/catalog/apply.ts';
import { fulfil, planReshard } from '../../src/catalog/reshard.ts';
import { emptyState, findStream, streamKeyOf } from '../../src/catalog/state.ts';
import { evenRanges, hashKeyMax } from '../../src/kinesis/hash-key.ts';
import {
  findShard,
  openShards,
  type Shard,
  type Stream,
  type StreamChange,
} from '../../src/kinesis/stream.ts';
import { sampleStream, sampleTime } from '../kinesis/sample.ts';

const since = sampleTime;

type Reshard = Extract<StreamChange, { kind: 'split' | 'merge' | 'scale' }>;

/** The stream after a reshard that was carried out a second later; each parent held ten records. */
function reshard(stream: Stream, change: Reshard, now = sampleTime + 1500): Stream {
  const plan = planReshard(stream, change);
  const ends = new Map(plan.parents.map((index) => [index, 10]));
  const edit = {
    kind: 'shards-replaced',
    key: streamKeyOf(stream),
    ...fulfil(stream, plan, ends, now),
  } as const;
  const state = [{ kind: 'stream-created', stream } as const, edit].reduce(apply, emptyState);
  return findStream(state, stream)!;
}

function byRange(shards: readonly Shard[]): Shard[] {
  return shards.toSorted((a, b) => (a.range.first < b.range.first ? -1 : 1));
}

function checkPartition(stream: Stream): void {
  const open = byRange(openShards(stream));
  assert.equal(open[0]!.range.first, 0n);
  assert.equal(open.at(-1)!.range.last, hashKeyMax);
  for (let index = 1; index < open.length; index++) {
    assert.equal(open[index]!.range.first, open[index - 1]!.range.last + 1n);
  }
}

/** Consumers walk the lineage: one parent that was cut, or two neighbours that were joined, always older. */
function checkLineage(stream: Stream): void {
  for (const shard of stream.shards.filter(({ parents }) => parents.length > 0)) {
    const [parent, adjacent] = shard.parents.map((index) => findShard(stream, index)!);
    assert.ok(shard.parents.length <= 2);
    for (const index of shard.parents) assert.ok(index < shard.index, 'a parent is older');
    for (const older of [parent!, adjacent ?? parent!]) {
      assert.ok(older.closed, 'a parent is closed');
      assert.equal(shard.createdAt, older.closed.childrenAt);
    }
    if (adjacent === undefined) {
      assert.ok(parent!.range.first <= shard.range.first && shard.range.last <= parent!.range.last);
    } else {
      assert.equal(parent!.range.last + 1n, adjacent.range.first);
      assert.deepEqual(shard.range, { first: parent!.range.first, last: adjacent.range.last });
    }
  }
}

/** What closes has children that take over all of its range, one (merged) or two (split). */
function checkSuccession(stream: Stream): void {
  for (const shard of stream.shards.filter(({ closed }) => closed !== undefined)) {
    const children = byRange(stream.shards.filter(({ parents }) => parents.includes(shard.index)));
    assert.ok(children.length === 1 || children.length === 2);
    assert.ok(children[0]!.range.first <= shard.range.first);
    assert.ok(children.at(-1)!.range.last >= shard.range.last);
  }
}

function rangesOf(shards: readonly Shard[]) {
  return byRange(shards).map(({ range }) => range);
}

test('a split opens two shards that share the range of the one that closes', () => {
  const after = reshard(sampleStream(1), { kind: 'split', since, shard: 0, at: 100n });
  const [parent, left, right] = after.shards;
  assert.deepEqual(parent!.closed, {
    at: sampleTime + 1000,
    end: 10,
    childrenAt: sampleTime + 2000,
  });
  const createdAt = sampleTime + 2000;
  assert.deepEqual(left, { index: 1, parents: [0], range: { first: 0n, last: 99n }, createdAt });
  assert.deepEqual(right, { index: 2, parents: [0], range: { first: 100n, last: hashKeyMax }, createdAt });
});

test('a merge opens one shard for the two that close, the lower one its parent', () => {
  const after = reshard(sampleStream(3), { kind: 'merge', since, shards: [1, 2] });
  const [untouched, ...closed] = after.shards;
  const child = closed.pop()!;
  assert.equal(untouched!.closed, undefined);
  assert.deepEqual(child.parents, [1, 2]);
  assert.deepEqual(rangesOf([untouched!, child]), [untouched!.range, child.range]);
  checkPartition(after);
});

test('from any number of shards to any other: even ranges, and a lineage that can be walked', () => {
  const count = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(count, count, (from, target) => {
      const after = reshard(sampleStream(from), { kind: 'scale', since, target });
      assert.deepEqual(rangesOf(openShards(after)), evenRanges(target));
      checkLineage(after);
      checkSuccession(after);
      assert.deepEqual(
        after.shards.map(({ index }) => index),
        after.shards.map((_, index) => index),
      );
    }),
  );
});

test('after any splits, merges and scales the open shards are the space', () => {
  const step = fc.record({
    kind: fc.constantFrom('split', 'merge', 'scale'),
    pick: fc.nat(),
    key: fc.nat(1000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let stream = sampleStream(2);
      for (const [nth, { kind, pick, key }] of steps.entries()) {
        const change = changeOf(stream, kind, pick, key);
        if (change !== undefined) stream = reshard(stream, change, sampleTime + nth * 300);
        checkPartition(stream);
        checkLineage(stream);
        checkSuccession(stream);
      }
    }),
  );
});

function changeOf(stream: Stream, kind: string, pick: number, key: number): Reshard | undefined {
  const open = byRange(openShards(stream));
  const shard = open[pick % open.length]!;
  if (kind === 'scale') return { kind: 'scale', since, target: 1 + (pick % 9) };
  if (kind === 'split') {
    const at = shard.range.first + ((shard.range.last - shard.range.first) * BigInt(key + 1)) / 1002n;
    return { kind: 'split', since, shard: shard.index, at };
  }
  const next = open[(pick % open.length) + 1];
  return next && { kind: 'merge', since, shards: [shard.index, next.index] };
}

test('a shard that already is one of the even ranges stays as it is', () => {
  const stream = sampleStream(4);
  const split = reshard(stream, { kind: 'split', since, shard: 0, at: 5n });
  const after = reshard(split, { kind: 'scale', since, target: 4 }, sampleTime + 9000);
  for (const index of [1, 2, 3]) assert.equal(findShard(after, index), findShard(split, index));
});

test('the shards between only carry the lineage: they are closed and empty', () => {
  const after = reshard(sampleStream(3), { kind: 'scale', since, target: 4 });
  const between = after.shards.filter(({ parents, closed }) => parents.length > 0 && closed !== undefined);
  assert.ok(between.length > 0);
  for (const { closed, createdAt } of between) {
    assert.deepEqual(closed, { at: createdAt, end: 0, childrenAt: createdAt });
  }
});

test('no shard closes before it began, also when the clock went back', () => {
  const once = reshard(sampleStream(1), { kind: 'split', since, shard: 0, at: 100n });
  const twice = reshard(once, { kind: 'split', since, shard: 1, at: 50n }, sampleTime - 60_000);
  const parent = findShard(twice, 1)!;
  assert.equal(parent.closed!.at, parent.createdAt);
  assert.equal(findShard(twice, 3)!.createdAt, parent.createdAt + 1000);
});
