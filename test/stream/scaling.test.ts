import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { apply } from '../../src/catalog/apply.ts';
import { fulfil, planReshard } from '../../src/catalog/reshard.ts';
import { emptyState, findStream, streamKeyOf } from '../../src/catalog/state.ts';
import { hashKeyMax } from '../../src/kinesis/hash-key.ts';
import { limits } from '../../src/kinesis/limits.ts';
import { openShards, type Stream } from '../../src/kinesis/stream.ts';
import { lifecycleTick } from '../../src/stream/lifecycle.ts';
import { Load } from '../../src/stream/load.ts';
import type { Demand } from '../../src/stream/load-monitor.ts';
import { decideScaling, scalingTick } from '../../src/stream/scaling.ts';
import { sampleStream, sampleTime } from '../kinesis/sample.ts';
import { World } from './world.ts';

const KiB = 1024;
const MiB = 1024 * KiB;
const none: Demand = { shards: 0, isKnown: false, splits: new Map() };

function onDemand(shardCount: number, changes: Partial<Stream> = {}): Stream {
  return sampleStream(shardCount, { mode: 'ON_DEMAND', ...changes });
}

/** How many shards the stream is to be scaled to; undefined when not at all. */
function targetOf(stream: Stream, demand: Partial<Demand>): number | undefined {
  const change = decideScaling(stream, { ...none, ...demand }, sampleTime);
  return change?.kind === 'scale' ? change.target : undefined;
}

/** The stream with its next step done; undefined when there is none. */
function step(stream: Stream, demand: Demand): Stream | undefined {
  const change = decideScaling(stream, demand, sampleTime);
  if (change === undefined) return undefined;
  const plan = planReshard(stream, change);
  const ends = new Map(plan.parents.map((index) => [index, 0]));
  const key = streamKeyOf(stream);
  const replaced = { kind: 'shards-replaced', key, ...fulfil(stream, plan, ends, sampleTime) } as const;
  const state = [{ kind: 'stream-created', stream } as const, replaced].reduce(apply, emptyState);
  return findStream(state, stream);
}

const someStream = fc
  .record({ shards: fc.integer({ min: 1, max: 64 }), warm: fc.option(fc.integer({ min: 0, max: 64 })) })
  .map(({ shards, warm }) => onDemand(shards, { warmMiBps: warm }));

const someDemand: fc.Arbitrary<Demand> = fc.record({
  shards: fc.nat(128),
  isKnown: fc.boolean(),
  splits: fc.uniqueArray(fc.nat(63)).map((hot) => new Map(hot.map((index) => [index, 5n]))),
});

test('the shards never more than double, unless they are to be kept warm, and never fall below half or the minimum', () => {
  fc.assert(
    fc.property(someStream, someDemand, (stream, demand) => {
      const open = openShards(stream).length;
      const target = targetOf(stream, demand);
      if (target === undefined) return;
      const warm = stream.warmMiBps ?? 0;
      if (target > open) assert.ok(target <= open * 2 || (open < warm && target === warm));
      else assert.ok(demand.isKnown && target * 2 >= open && target >= Math.max(4, warm, demand.shards));
    }),
  );
});

test('under one demand the shards come to rest, enough and not more than twice too many', () => {
  fc.assert(
    fc.property(someStream, fc.nat(128), (stream, shards) => {
      const demand = { shards, isKnown: true, splits: new Map() };
      let steps = 0;
      for (let next: Stream | undefined = stream; next !== undefined; next = step(next, demand)) {
        stream = next;
        assert.ok(++steps <= 10);
      }
      const open = openShards(stream).length;
      assert.ok(open >= Math.max(shards, stream.warmMiBps ?? 0));
      assert.ok(open < 2 * Math.max(shards, stream.warmMiBps ?? 0, 4));
    }),
    { numRuns: 50 },
  );
});

test('a stream grows for what it needs, and up to the ceiling of on-demand streams', () => {
  assert.equal(targetOf(onDemand(4), { shards: 4 }), undefined);
  assert.equal(targetOf(onDemand(4), { shards: 5 }), 8);
  assert.equal(targetOf(onDemand(4), { shards: 100 }), 8);
  assert.equal(targetOf(onDemand(10_000), { shards: 20_000 }), 10_240);
  assert.equal(targetOf(onDemand(10_240), { shards: 20_000 }), undefined);
});

test('a stream shrinks only when its load is known', () => {
  assert.equal(targetOf(onDemand(8), { shards: 4, isKnown: true }), 4);
  assert.equal(targetOf(onDemand(9), { isKnown: true }), 5);
  assert.equal(targetOf(onDemand(8), { shards: 5, isKnown: true }), undefined);
  assert.equal(targetOf(onDemand(8), { isKnown: false }), undefined);
  assert.equal(targetOf(onDemand(8, { warmMiBps: 5 }), { isKnown: true }), undefined);
});

test('the hottest shard that is still open is split', () => {
  const splits = new Map([
    [9, 1n],
    [1, hashKeyMax - 5n],
    [0, 5n],
  ]);
  const change = decideScaling(onDemand(2), { ...none, splits }, sampleTime);
  assert.deepEqual(change, { kind: 'split', since: sampleTime, shard: 1, at: hashKeyMax - 5n });
});

test('a stream with too few shards to be warm gets them at once', () => {
  assert.equal(targetOf(onDemand(4, { warmMiBps: 100 }), {}), 100);
  assert.equal(targetOf(onDemand(4, { warmMiBps: 4 }), {}), undefined);
});

test('provisioned streams, and those that are changing, are left alone', () => {
  const demand = { shards: 100, isKnown: true, splits: new Map([[0, 5n]]) };
  const set = { kind: 'set', since: sampleTime, settings: {} } as const;
  for (const changes of [{ mode: 'PROVISIONED' }, { status: 'UPDATING', change: set }] as const) {
    assert.equal(decideScaling(onDemand(4, changes), demand, sampleTime), undefined);
  }
});

/**
 * A world whose time comes in windows of ten seconds, remembered for a minute, and whose changes take no
 * time.
 */
async function watched(stream: Stream) {
  const world = await World.with(stream);
  const load = new Load();
  const scale = scalingTick(world, load, { window: 10_000, memory: 60_000 });
  const finish = lifecycleTick(world, 0);
  const settle = async () => {
    while ((await scale()) === 0) await finish();
  };
  await settle();
  return {
    world,
    /** Writes at a rate for a window, then lets everything happen that follows from it. */
    async window(
      shard: number,
      rate: { bytes: number; records: number },
      keys: readonly bigint[] = [0n],
    ): Promise<void> {
      const { records } = rate;
      const measure = load.of(world.stream!, world.stream!.shards[shard]!);
      for (let nth = 0; nth < records * 10; nth++)
        measure.add(Number(keys[nth % keys.length]), rate.bytes / records);
      await world.clock.advance(10_000);
      await settle();
    },
    /** A window in which nothing is written. */
    async idle(): Promise<void> {
      await world.clock.advance(10_000);
      await settle();
    },
    get open() {
      return openShards(world.stream!).length;
    },
  };
}

test('a stream that the server has no room to scale stays as it is, and nothing fails', async () => {
  const world = await World.with(onDemand(4, { warmMiBps: 100 }));
  const since = world.clock.now();
  const change = { kind: 'create', since, shardCount: limits.server.shardsMax - 50 } as const;
  const others: Stream = { ...sampleStream(0), name: 'others', id: '2', status: 'CREATING', change };
  await world.catalog.commit(() => [{ kind: 'stream-created', stream: others }]);
  const before = world.stream;
  assert.equal(await scalingTick(world, new Load(), { window: 10_000, memory: 60_000 })(), 10_000);
  assert.equal(world.stream, before);
});

test('capacity stays twice the peak, in bytes and in records', async () => {
  for (const tooMuch of [
    { bytes: 2.1 * MiB, records: 10 },
    { bytes: 10, records: 2100 },
  ]) {
    const stream = await watched(onDemand(4));
    await stream.window(0, { bytes: tooMuch.bytes / 1.1, records: Math.floor(tooMuch.records / 1.1) });
    assert.equal(stream.open, 4);
    await stream.window(0, tooMuch);
    assert.equal(stream.open, 8);
  }
});

test('hot shards are split, and one hot key is not', async () => {
  for (const hot of [
    { bytes: 510_000, records: 10 },
    { bytes: 10, records: 510 },
  ]) {
    const stream = await watched(onDemand(4));
    await stream.window(0, { bytes: hot.bytes / 1.1, records: Math.floor(hot.records / 1.1) }, [
      0n,
      1n << 120n,
    ]);
    await stream.window(0, hot, [0n]);
    assert.equal(stream.open, 4);
    await stream.window(0, hot, [0n, 1n << 122n]);
    assert.equal(stream.open, 5);
    const [left, right] = stream.world.stream!.shards.slice(4);
    assert.ok(left!.range.last < 1n << 122n && right!.range.first <= 1n << 122n);
  }
});

test('what grew shrinks when the peak is forgotten, step by step', async () => {
  const stream = await watched(onDemand(4));
  await stream.window(0, { bytes: 8 * MiB, records: 10 });
  assert.equal(stream.open, 16);
  for (let windows = 1; windows < 6; windows++) await stream.idle();
  assert.equal(stream.open, 16);
  await stream.idle();
  assert.equal(stream.open, 4);
});

test('a hot key range keeps its shards for as long as peaks are remembered', async () => {
  const stream = await watched(onDemand(7));
  for (let windows = 0; windows < 7; windows++) await stream.idle();
  assert.equal(stream.open, 7);
  await stream.window(0, { bytes: 600_000, records: 10 }, [0n, 1n << 124n]);
  assert.equal(stream.open, 8);
  for (let windows = 1; windows < 6; windows++) await stream.idle();
  assert.equal(stream.open, 8);
  await stream.idle();
  assert.equal(stream.open, 4);
});

test('a stream that changed since it was looked at is looked at again', async () => {
  const world = await World.with(onDemand(4, { warmMiBps: 8 }));
  const tick = scalingTick(world, new Load(), { window: 10_000, memory: 60_000 });
  const settings = { mode: 'PROVISIONED', warmMiBps: null } as const;
  const switched = world.catalog.commit(() => [
    { kind: 'settings-changed', key: streamKeyOf(world.stream!), settings },
  ]);
  await Promise.all([switched, tick()]);
  assert.equal(world.stream!.status, 'ACTIVE');
  await tick();
  assert.equal(world.stream!.status, 'ACTIVE');
});
