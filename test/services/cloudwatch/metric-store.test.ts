import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../../src/env/logger.ts';
import type { Engine, ShardKey } from '../../../src/log/log.ts';
import type { MetricName } from '../../../src/services/cloudwatch/metrics/metric.ts';
import {
  boundsIn,
  fivesKeptMs,
  type LogSizes,
  logSizes,
  type MetricStore,
  metricBounds,
  minutesKeptMs,
  openMetrics,
} from '../../../src/services/cloudwatch/metrics/metric-store.ts';
import type { Datum, MetricBounds } from '../../../src/services/cloudwatch/metrics/metrics.ts';
import { sampleOf } from '../../../src/services/cloudwatch/metrics/sample.ts';
import { alteredEngine } from '../../log/altered-engine.ts';
import { journalsUnderTest } from '../../log/log-under-test.ts';
import { ManualClock } from '../kinesis/manual-clock.ts';

const minuteMs = 60_000;
const fiveMs = 5 * minuteMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const nameOf = (name: string): MetricName => ({
  ...{ account: '000000000000', region: 'us-east-1', namespace: 'test', name },
  dimensions: [{ name: 'of', value: name }],
});

function datum(name: string, time: number, ...values: number[]): Datum {
  return {
    metric: nameOf(name),
    unit: 'Count',
    time,
    sample: sampleOf(
      values,
      values.map(() => 1),
    )!,
  };
}

/** Metrics on an engine that outlives them, and that fails when it is told to. */
class Bench {
  readonly clock = new ManualClock();
  readonly engine: Engine;
  readonly bounds: MetricBounds & LogSizes;
  /** Decides of each append whether it fails, before anything is written. */
  fails: (stream: string) => boolean = () => false;
  /** Where the log of the minutes is: elsewhere there is none yet. */
  minutesLog = 'cloudwatch';
  store!: MetricStore;

  private constructor(bounds: MetricBounds & LogSizes) {
    this.bounds = bounds;
    const inner = journalsUnderTest(this.clock);
    const keyOf = (key: ShardKey) =>
      key.stream === 'cloudwatch' ? { ...key, stream: this.minutesLog } : key;
    this.engine = alteredEngine(inner, {
      append: async (key, batch) => {
        if (this.fails(key.stream)) throw new Error('the disk is full');
        return await inner.append(keyOf(key), batch);
      },
      read: (key, request) => inner.read(keyOf(key), request),
      trim: (key, before) => inner.trim(keyOf(key), before),
    });
  }

  static async open(changes: Partial<MetricBounds & LogSizes> = {}): Promise<Bench> {
    const bench = new Bench({ ...metricBounds, ...logSizes, ...changes });
    await bench.reopen();
    return bench;
  }

  async reopen(): Promise<void> {
    this.store = await openMetrics(this.engine, this.clock, silentLogger, this.bounds);
  }

  put(name: string, ...values: number[]): Promise<void> {
    return this.store.put([datum(name, this.clock.now(), ...values)]);
  }

  /** Sums of a metric at a minute, and at five minutes, by their times. */
  sums(name: string): { minutes: Map<number, number>; fives: Map<number, number> } {
    const series = this.store.metrics.find(nameOf(name))?.units.get('Count');
    const sums = (
      points: { between(from: number, end: number): Iterable<{ time: number; sum: number }> } | undefined,
    ) => new Map(Array.from(points?.between(-Infinity, Infinity) ?? [], ({ time, sum }) => [time, sum]));
    return { minutes: sums(series?.minutes), fives: sums(series?.fives) };
  }
}

/** Small whole numbers from a seed. */
function random(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const steps = [0, 1000, minuteMs, 7 * minuteMs, 50 * minuteMs, 3 * hourMs, 26 * hourMs, 6 * dayMs];
const ages = [0, 0, 0, minuteMs, 20 * minuteMs, 4 * hourMs, 2 * dayMs, 13 * dayMs, -hourMs];

test('whatever is put, moved, refused by the disk and read again, what was acknowledged is there once', async () => {
  for (let seed = 0; seed < 60; seed++) {
    const next = random(seed);
    // Each page is written by itself, so that one may be there without the next.
    const bench = await Bench.open({ pagesBytes: 1, rewriteBytes: 500 * next(3) });
    const { clock } = bench;
    bench.fails = () => next(6) === 0;
    const put: { name: string; time: number; value: number }[] = [];
    for (let step = 0; step < 60; step++) {
      await clock.advance(steps[next(steps.length)]!);
      if (next(8) === 0) await bench.reopen();
      const data = Array.from({ length: 1 + next(3) }, () => ({
        name: `m${next(3)}`,
        time: clock.now() - ages[next(ages.length)]!,
        value: 1 + next(100),
      }));
      try {
        await bench.store.put(data.map(({ name, time, value }) => datum(name, time, value)));
        put.push(...data);
      } catch (error) {
        assert.match(String(error), /the disk is full/);
      }
      requireAll(bench, put, `seed ${seed}, step ${step}`);
    }
    bench.fails = () => false;
    await bench.reopen();
    requireAll(bench, put, `seed ${seed}, read again`);
  }
});

/** What is kept is what was put: no more, no less, but for what is too old. */
function requireAll(bench: Bench, put: { name: string; time: number; value: number }[], where: string): void {
  const now = bench.clock.now();
  for (const name of ['m0', 'm1', 'm2']) {
    const { minutes, fives } = bench.sums(name);
    const found = new Map<number, number>();
    for (const [time, sum] of [...fives, ...minutes]) {
      const five = Math.floor(time / fiveMs) * fiveMs;
      found.set(five, (found.get(five) ?? 0) + sum);
    }
    const expected = new Map<number, number>();
    const fresh = new Map<number, number>();
    for (const { time, value } of put.filter((one) => one.name === name)) {
      const five = Math.floor(time / fiveMs) * fiveMs;
      expected.set(five, (expected.get(five) ?? 0) + value);
      const minute = Math.floor(time / minuteMs) * minuteMs;
      if (minute >= now - minutesKeptMs) fresh.set(minute, (fresh.get(minute) ?? 0) + value);
    }
    const kept = ([time]: [number, number]) => time >= now - fivesKeptMs;
    const inOrder = (sums: Map<number, number>) => [...sums].filter(kept).sort(([a], [b]) => a - b);
    assert.deepEqual(inOrder(found), inOrder(expected), `${where}, ${name}`);
    for (const [minute, sum] of fresh)
      assert.equal(minutes.get(minute), sum, `${where}, ${name} at a minute`);
  }
}

test('data go from minutes to five minutes after three hours, and after fifteen days they are gone', async () => {
  const bench = await Bench.open();
  await bench.put('a', 1, 2);
  await bench.clock.advance(minuteMs);
  await bench.put('a', 4);
  assert.deepEqual([...bench.sums('a').minutes.values()], [3, 4]);
  await bench.clock.advance(4 * hourMs);
  await bench.put('b', 1);
  assert.deepEqual([...bench.sums('a').minutes.values()], []);
  assert.deepEqual([...bench.sums('a').fives.values()], [7]);
  await bench.clock.advance(fivesKeptMs);
  await bench.put('b', 1);
  await bench.clock.advance(hourMs);
  await bench.put('b', 1);
  assert.equal(bench.store.metrics.find(nameOf('a')), undefined);
  await bench.reopen();
  assert.equal(bench.store.metrics.find(nameOf('a')), undefined);
});

test('the logs hold hours of minutes and days of five minutes, not all that was ever put', async () => {
  const bench = await Bench.open();
  const position = async (stream: string) => await bench.engine.position({ stream, shard: 0 });
  for (let hour = 0; hour < 20 * 24; hour++) {
    await bench.put('a', hour);
    await bench.clock.advance(hourMs);
  }
  const minutes = await position('cloudwatch');
  assert.ok(minutes.end - minutes.start <= 3, `${minutes.start} to ${minutes.end}`);
  const fives = await position('cloudwatch-five-minutes');
  // A page and the last one, an hour.
  const days = (fives.end - fives.start) / 2 / 24;
  assert.ok(days >= 14 && days <= 16, `${days} days`);
});

test('the log of the minutes is written again when it gets long, also within an hour', async () => {
  const bench = await Bench.open({ rewriteBytes: 100_000, pagesBytes: 1 });
  const names = Array.from({ length: 300 }, (_, index) => `metric-${index}`);
  for (let put = 0; put < 20; put++) {
    await bench.store.put(names.map((name) => datum(name, bench.clock.now(), put)));
  }
  const { start, end } = await bench.engine.position({ stream: 'cloudwatch', shard: 0 });
  assert.ok(start > 0 && end - start < 20, `${start} to ${end}`);
  await bench.reopen();
  for (const name of names) assert.deepEqual([...bench.sums(name).minutes.values()], [190]);
});

test('data are not shown before they are durable, and what was not written is not there', async () => {
  const bench = await Bench.open();
  bench.fails = () => true;
  await assert.rejects(bench.put('a', 1), /the disk is full/);
  assert.equal(bench.store.metrics.find(nameOf('a')), undefined);
  bench.fails = () => false;
  const putting = bench.put('a', 1);
  assert.equal(bench.store.metrics.find(nameOf('a')), undefined);
  await putting;
  assert.deepEqual([...bench.sums('a').minutes.values()], [1]);
});

test('when the log of the minutes was lost, late data that come then are not taken for what was moved', async () => {
  const bench = await Bench.open();
  await bench.put('a', 1);
  await bench.clock.advance(5 * hourMs);
  await bench.put('a', 2);
  bench.minutesLog = 'none';
  await bench.reopen();
  assert.deepEqual([...bench.sums('a').fives.values()], [1]);
  for (const value of [4, 8]) {
    await bench.store.put([datum('a', bench.clock.now() - 5 * hourMs, value)]);
    await bench.reopen();
  }
  const { minutes, fives } = bench.sums('a');
  const sum = [...minutes.values(), ...fives.values()].reduce((total, each) => total + each, 0);
  assert.equal(sum, 13);
});

test('a metric more than there may be takes the place of the one that is silent for longest', async () => {
  const bench = await Bench.open({ metricsMax: 2 });
  await bench.put('a', 1);
  await bench.clock.advance(minuteMs);
  await bench.put('b', 1);
  await assert.rejects(bench.put('c', 1), { type: 'LimitExceededFault', message: /No more than 2 metrics/ });
  await bench.put('a', 2);
  await bench.clock.advance(minutesKeptMs - minuteMs);
  await assert.rejects(bench.put('c', 1), { type: 'LimitExceededFault' });
  await bench.clock.advance(minuteMs);
  await bench.put('c', 1);
  const known = () => ['a', 'b', 'c'].filter((name) => bench.store.metrics.find(nameOf(name)));
  await bench.put('c', 1);
  assert.deepEqual(known(), ['a', 'c']);
  await bench.reopen();
  assert.deepEqual(known(), ['a', 'c']);
});

test('where memory is short the oldest data at five minutes go first, those of the last hours never', async () => {
  const bytesMax = 40_000;
  const bench = await Bench.open({ bytesMax });
  const hours = 10 * 24;
  for (let hour = 0; hour < hours; hour++) {
    for (let part = 0; part < 12; part++) {
      await bench.put('a', 1);
      await bench.clock.advance(fiveMs);
    }
  }
  assert.ok(bench.store.metrics.bytes <= bytesMax + 5000, `${bench.store.metrics.bytes} bytes`);
  const { minutes, fives } = bench.sums('a');
  assert.ok(minutes.size >= 36);
  assert.ok(fives.size > 300 && fives.size < 24 * 12 * 10, `${fives.size} points`);
  assert.ok(Math.max(...fives.keys()) > bench.clock.now() - 5 * hourMs, 'the newest are there');
});

test('a small heap leaves an eighth of it to metrics, a large one as much as there may be', () => {
  assert.deepEqual(boundsIn(256 * 1024 * 1024), { ...metricBounds, bytesMax: 32 * 1024 * 1024 });
  assert.deepEqual(boundsIn(64 * 1024 ** 3), metricBounds);
  assert.deepEqual(boundsIn(), metricBounds);
});

test('metrics that were put with more memory are read with less: nothing new has room, and nothing of the last hours is lost', async () => {
  const bench = await Bench.open();
  const names = Array.from({ length: 50 }, (_, nth) => `m${nth}`);
  for (const name of names) await bench.put(name, 1);
  const less = { ...metricBounds, ...logSizes, bytesMax: 10_000 };
  bench.store = await openMetrics(bench.engine, bench.clock, silentLogger, less);
  for (const name of names) assert.equal(bench.sums(name).minutes.size, 1, name);
  await assert.rejects(bench.put('another', 1), { type: 'LimitExceededFault' });
});
