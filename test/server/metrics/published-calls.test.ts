import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { call } from '../../services/cloudwatch/cloudwatch-calls.ts';
import { cloudwatchClient } from '../../services/cloudwatch/cloudwatch-client.ts';
import { Harness } from '../../services/kinesis/harness.ts';

type Datapoint = Readonly<Record<string, number | string>>;

const everyStatistic = ['SampleCount', 'Sum', 'Minimum', 'Maximum'];

/**
 * All statistics of a metric over the last hour: `2 calls, 5 in all, 1 to 4, Count`; undefined without data.
 */
async function statisticsOf(
  server: Harness,
  name: string,
  dimensions: Readonly<Record<string, string>> = { StreamName: 'orders' },
): Promise<string | undefined> {
  const now = server.clock.now() / 1000;
  const { Datapoints } = await call<{ Datapoints: readonly Datapoint[] }>(server, 'GetMetricStatistics', {
    ...{ Namespace: 'AWS/Kinesis', MetricName: name, Period: 3600, Statistics: everyStatistic },
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    ...{ StartTime: now - 3600, EndTime: now + 60 },
  });
  const points = Datapoints.filter(({ SampleCount }) => SampleCount !== undefined);
  if (points.length === 0) return undefined;
  const sum = (of: string) => points.reduce((total, point) => total + Number(point[of]), 0);
  const [least, most] = [points.map(({ Minimum }) => Minimum), points.map(({ Maximum }) => Maximum)];
  const range = `${Math.min(...least.map(Number))} to ${Math.max(...most.map(Number))}`;
  return `${sum('SampleCount')} calls, ${sum('Sum')} in all, ${range}, ${points[0]!['Unit']}`;
}

async function putRecords(server: Harness, ...sizes: readonly number[]): Promise<void> {
  const Records = sizes.map((size) => ({
    PartitionKey: 'k',
    Data: Buffer.alloc(size - 1).toString('base64'),
  }));
  await server.call('PutRecords', { StreamName: 'orders', Records });
}

async function iteratorOf(server: Harness): Promise<string> {
  const { ShardIterator } = await server.call<{ ShardIterator: string }>('GetShardIterator', {
    ...{ StreamName: 'orders', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' },
  });
  return ShardIterator;
}

async function read(server: Harness, limit: number): Promise<void> {
  await server.call('GetRecords', { ShardIterator: await iteratorOf(server), Limit: limit });
}

/** A server with a stream of a shard on which puts and reads were counted in the minute that is over. */
async function used(metrics: readonly string[] = []): Promise<Harness> {
  const server = await Harness.start({ limits: 'none' });
  await server.createStream('orders');
  if (metrics.length > 0) {
    await server.call('EnableEnhancedMonitoring', { StreamName: 'orders', ShardLevelMetrics: metrics });
    await server.clock.advance(100);
  }
  await server.call('PutRecord', { StreamName: 'orders', PartitionKey: 'k', Data: 'QUJD' });
  await putRecords(server, 10, 20, 30);
  await putRecords(server, 100);
  await server.clock.advance(1_000);
  await read(server, 1);
  await read(server, 1_000);
  await server.clock.advance(60_000);
  return server;
}

test('each minute AWS/Kinesis has what calls on a stream put, read and came to, a call a sample', async () => {
  await using server = await used();
  const expected = {
    IncomingRecords: '3 calls, 5 in all, 1 to 3, Count',
    IncomingBytes: '3 calls, 164 in all, 4 to 100, Bytes',
    'PutRecord.Bytes': '1 calls, 4 in all, 4 to 4, Bytes',
    'PutRecord.Success': '1 calls, 1 in all, 1 to 1, Count',
    'PutRecords.Bytes': '2 calls, 160 in all, 60 to 100, Bytes',
    'PutRecords.TotalRecords': '2 calls, 4 in all, 1 to 3, Count',
    'PutRecords.SuccessfulRecords': '2 calls, 4 in all, 1 to 3, Count',
    'PutRecords.FailedRecords': '2 calls, 0 in all, 0 to 0, Count',
    'PutRecords.ThrottledRecords': '2 calls, 0 in all, 0 to 0, Count',
    'PutRecords.Success': '2 calls, 2 in all, 1 to 1, Count',
    WriteProvisionedThroughputExceeded: '3 calls, 0 in all, 0 to 0, Count',
    'GetRecords.Records': '2 calls, 6 in all, 1 to 5, Count',
    'GetRecords.IteratorAgeMilliseconds': '2 calls, 1000 in all, 0 to 1000, Milliseconds',
    'GetRecords.Success': '2 calls, 2 in all, 1 to 1, Count',
    ReadProvisionedThroughputExceeded: '2 calls, 0 in all, 0 to 0, Count',
  };
  const found = await Promise.all(Object.keys(expected).map((name) => statisticsOf(server, name)));
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name, at) => [name, found[at]])), expected);
  for (const call of ['PutRecord', 'PutRecords', 'GetRecords'])
    assert.match((await statisticsOf(server, `${call}.Latency`)) ?? '', /^[12] calls, .*Milliseconds$/);
});

test('shards have metrics of their own where they are enabled, those and no others', async () => {
  const dimensions = { StreamName: 'orders', ShardId: 'shardId-000000000000' };
  await using plain = await used();
  assert.equal(await statisticsOf(plain, 'IncomingRecords', dimensions), undefined);
  await using enhanced = await used(['IncomingRecords', 'IteratorAgeMilliseconds']);
  const found = ['IncomingRecords', 'IteratorAgeMilliseconds', 'IncomingBytes', 'OutgoingRecords'];
  assert.deepEqual(await Promise.all(found.map((name) => statisticsOf(enhanced, name, dimensions))), [
    '3 calls, 5 in all, 1 to 3, Count',
    '2 calls, 1000 in all, 0 to 1000, Milliseconds',
    undefined,
    undefined,
  ]);
  await using all = await used(['ALL']);
  assert.equal(await statisticsOf(all, 'OutgoingRecords', dimensions), '2 calls, 6 in all, 1 to 5, Count');
});

test('what a limit refuses is a failure and a throttled record in AWS/Kinesis', async () => {
  await using server = await Harness.start({ limits: 'aws' });
  await server.createStream('orders');
  const Records = Array.from({ length: 500 }, () => ({ PartitionKey: 'k', Data: 'QUJD' }));
  for (let nth = 0; nth < 3; nth++) await server.call('PutRecords', { StreamName: 'orders', Records });
  const read = { ShardIterator: await iteratorOf(server), Limit: 1 };
  for (let nth = 0; nth < 5; nth++) await server.call('GetRecords', read);
  await assert.rejects(server.call('GetRecords', read), /ProvisionedThroughputExceeded/);
  await server.clock.advance(60_000);
  const throttled = await statisticsOf(server, 'PutRecords.ThrottledRecords');
  assert.equal(throttled, '3 calls, 500 in all, 0 to 500, Count');
  assert.equal(await statisticsOf(server, 'WriteProvisionedThroughputExceeded'), throttled);
  assert.equal(await statisticsOf(server, 'PutRecords.Success'), '3 calls, 2 in all, 0 to 1, Count');
  assert.equal(
    await statisticsOf(server, 'ReadProvisionedThroughputExceeded'),
    '6 calls, 1 in all, 0 to 1, Count',
  );
  assert.equal(await statisticsOf(server, 'GetRecords.Success'), '6 calls, 5 in all, 0 to 1, Count');
});

test('a subscription is a success, and one that there is already exceeds a rate', async () => {
  await using server = await Harness.start();
  await server.createStream('orders');
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
  const { Consumer } = await server.call<{ Consumer: { ConsumerARN: string } }>('RegisterStreamConsumer', {
    ...{ StreamARN, ConsumerName: 'audit' },
  });
  await server.clock.advance(1_000);
  const subscription = {
    ...{ ConsumerARN: Consumer.ConsumerARN, ShardId: 'shardId-000000000000' },
    StartingPosition: { Type: 'TRIM_HORIZON' },
  };
  await server.subscribe(subscription);
  await assert.rejects(server.subscribe(subscription), /ResourceInUse/);
  await server.clock.advance(60_000);
  const dimensions = { StreamName: 'orders', ConsumerName: 'audit' };
  assert.equal(
    await statisticsOf(server, 'SubscribeToShard.Success', dimensions),
    '2 calls, 1 in all, 0 to 1, Count',
  );
  assert.equal(
    await statisticsOf(server, 'SubscribeToShard.RateExceeded', dimensions),
    '2 calls, 1 in all, 0 to 1, Count',
  );
});

test('the official client finds AWS/Kinesis as it does at AWS', async () => {
  await using server = await used();
  const now = server.clock.now();
  const { Datapoints } = await cloudwatchClient(server).send(
    new GetMetricStatisticsCommand({
      ...{
        Namespace: 'AWS/Kinesis',
        MetricName: 'IncomingRecords',
        Period: 60,
        Statistics: ['Sum', 'Average'],
      },
      Dimensions: [{ Name: 'StreamName', Value: 'orders' }],
      ...{ StartTime: new Date(now - 3_600_000), EndTime: new Date(now) },
    }),
  );
  assert.deepEqual(
    Datapoints?.map(({ Sum, Average, Unit }) => ({ Sum, Average, Unit })),
    [{ Sum: 5, Average: 5 / 3, Unit: 'Count' }],
  );
});
