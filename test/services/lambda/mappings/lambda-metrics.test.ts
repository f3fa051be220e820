import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LambdaMetrics } from '../../../../src/services/lambda/mappings/lambda-metrics.ts';
import type { CountedMetric } from '../../../../src/stream/metrics/metric-port.ts';
import { TestLogger } from '../../../log/world.ts';
import { ManualClock } from '../../kinesis/manual-clock.ts';

const account = '111122223333';
const region = 'eu-west-1';
const mapping = { uuid: 'u', account, region, functionName: 'f' };
const minute = Date.UTC(2026, 10, 29, 10, 0);

class World {
  readonly clock = new ManualClock(minute + 1_000);
  readonly logger = new TestLogger();
  readonly puts: { readonly namespace: string; readonly data: readonly CountedMetric[] }[] = [];
  isBroken = false;
  readonly metrics = new LambdaMetrics({
    clock: this.clock,
    logger: this.logger,
    port: {
      put: async (namespace, data) => {
        if (this.isBroken) throw new Error('no room');
        this.puts.push({ namespace, data });
      },
    },
  });

  /** What was put last, by name and dimensions. */
  get latest(): Record<string, string> {
    const lines = this.puts.at(-1)!.data.map(({ name, dimensions, unit, values, counts }) => {
      const of = dimensions.map((dimension) => `${dimension.name}=${dimension.value}`).join(',');
      return [`${name} ${of}`, `${unit} ${values.map((value, at) => `${value}×${counts[at]}`).join(' ')}`];
    });
    return Object.fromEntries(lines);
  }
}

test('what is counted is put once a minute as AWS names it', async () => {
  const world = new World();
  world.metrics.count(mapping, 'PolledEventCount', 100);
  world.metrics.count(mapping, 'PolledEventCount', 100);
  world.metrics.count(mapping, 'FilteredOutEventCount', 7);
  world.metrics.iteratorAge(mapping, 12, 'shardId-000000000000');
  world.metrics.invoked('f', { account, region, took: 5, failed: false, throttled: false, concurrent: 2 });
  world.metrics.invoked('f', { account, region, took: 6, failed: true, throttled: false, qualifier: 'live' });
  world.metrics.invoked('f', { account, region, took: 0, failed: false, throttled: true });
  await world.clock.advance(59_000);
  assert.equal(world.puts.length, 0);
  await world.clock.advance(1_000);
  assert.equal(world.puts.length, 1);
  assert.deepEqual(world.latest, {
    'PolledEventCount EventSourceMappingUUID=u': 'Count 100×2',
    'FilteredOutEventCount EventSourceMappingUUID=u': 'Count 7×1',
    'IteratorAge FunctionName=f': 'Milliseconds 12×1',
    'IteratorAge EventSourceMappingUUID=u': 'Milliseconds 12×1',
    'IteratorAge EventSourceMappingUUID=u,ShardId=shardId-000000000000': 'Milliseconds 12×1',
    'Invocations FunctionName=f': 'Count 1×2',
    'Errors FunctionName=f': 'Count 0×1 1×1',
    'Duration FunctionName=f': 'Milliseconds 5×1 6×1',
    'ConcurrentExecutions FunctionName=f': 'Count 2×1',
    'Throttles FunctionName=f': 'Count 0×2 1×1',
    'Invocations FunctionName=f,Resource=f:live': 'Count 1×1',
    'Errors FunctionName=f,Resource=f:live': 'Count 1×1',
    'Duration FunctionName=f,Resource=f:live': 'Milliseconds 6×1',
    'Throttles FunctionName=f,Resource=f:live': 'Count 0×1',
  });
  const [{ namespace, data }] = world.puts as [World['puts'][number]];
  assert.equal(namespace, 'AWS/Lambda');
  assert.ok(data.every((one) => one.account === account && one.region === region && one.time === minute));
});

test('there is no timer while nothing is counted', async () => {
  const world = new World();
  assert.equal(world.clock.sleeping, 0);
  world.metrics.count(mapping, 'InvokedEventCount', 1);
  assert.equal(world.clock.sleeping, 1);
  await world.clock.advance(60_000);
  assert.equal(world.clock.sleeping, 0);
  await world.clock.advance(600_000);
  assert.equal(world.puts.length, 1);
  world.metrics.count(mapping, 'InvokedEventCount', 1);
  await world.clock.advance(60_000);
  assert.equal(world.puts.length, 2);
});

test('each minute has its own values', async () => {
  const world = new World();
  world.metrics.count(mapping, 'InvokedEventCount', 1);
  await world.clock.advance(59_500);
  world.metrics.count(mapping, 'InvokedEventCount', 2);
  await world.clock.advance(500);
  const { data } = world.puts[0]!;
  assert.deepEqual(
    data.map(({ time, values }) => [time, values]),
    [
      [minute, [1]],
      [minute + 60_000, [2]],
    ],
  );
});

test('at the end what waits is put, and what cannot be put is said and forgotten', async () => {
  const world = new World();
  world.metrics.count(mapping, 'DroppedEventCount', 1);
  await world.metrics.close();
  assert.equal(world.puts.length, 1);

  const broken = new World();
  broken.isBroken = true;
  broken.metrics.count(mapping, 'DroppedEventCount', 1);
  await broken.clock.advance(60_000);
  assert.deepEqual(broken.logger.warnings, ['Metrics of AWS/Lambda could not be put.']);
  assert.equal(broken.clock.sleeping, 0);
});

test('many values of a minute take bounded room, and none is lost', async () => {
  const world = new World();
  for (let value = 0; value < 5_000; value++) world.metrics.iteratorAge(mapping, value);
  await world.clock.advance(60_000);
  const { values, counts } = world.puts[0]!.data[0]!;
  assert.ok(values.length < 1_000, `${values.length} values`);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    5_000,
  );
  const sum = values.reduce((total, value, at) => total + value * counts[at]!, 0);
  assert.ok(Math.abs(sum / (5_000 * 2_499.5) - 1) < 0.01);
});
