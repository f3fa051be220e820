import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  GetServerSightAnswer,
  GetStreamSightAnswer,
  ListReadersAnswer,
  ListStreamSightsAnswer,
} from '../../../src/services/millrace/sights.ts';
import { Harness } from '../kinesis/harness.ts';
import { look, looked } from './millrace-calls.ts';

test('what was put and read is counted by stream and by shard, and who polls is a reader', async () => {
  await using harness = await Harness.start();
  await harness.createStream('orders', 2);
  await harness.createStream('quiet');
  const Records = Array.from({ length: 20 }, (_, key) => ({ PartitionKey: `${key}`, Data: 'AAAA' }));
  await harness.call('PutRecords', { StreamName: 'orders', Records });
  const { ShardIterator } = await harness.call<{ ShardIterator: string }>('GetShardIterator', {
    ...{ StreamName: 'orders', ShardId: 'shardId-000000000001', ShardIteratorType: 'TRIM_HORIZON' },
  });
  await harness.clock.advance(5_000);
  await harness.call('GetRecords', { ShardIterator, Limit: 2 });

  const { Streams } = await look<ListStreamSightsAnswer>(harness, 'ListStreamSights');
  const [orders, quiet] = Streams;
  assert.equal(orders!.Counts.RecordsIn, 20);
  assert.equal(orders!.Counts.RecordsOut, 2);
  assert.equal(orders!.Readers, 1);
  assert.equal(quiet!.Readers, 0);
  assert.equal(quiet!.LagMillis, undefined);
  assert.equal(orders!.TimeToLossMillis, 24 * 3_600_000 - orders!.LagMillis!);

  const sight = await look<GetStreamSightAnswer>(harness, 'GetStreamSight', { StreamName: 'orders' });
  assert.deepEqual(sight.Stream.Counts, orders!.Counts);
  const sums = sight.Shards.map(({ Counts }) => Counts.RecordsIn);
  assert.equal(sums.length, 2);
  assert.ok(sums.every((count) => count > 0) && sums[0]! + sums[1]! === 20, `${sums}`);

  const { Readers, Producers } = await look<ListReadersAnswer>(harness, 'ListReaders', {
    StreamName: 'orders',
  });
  assert.deepEqual(
    Readers.map(({ Kind, State, Records, Shards }) => [
      Kind,
      State,
      Records,
      Shards.map(({ ShardId }) => ShardId),
    ]),
    [['polling', 'reading', 2, ['shardId-000000000001']]],
  );
  assert.deepEqual(
    Producers.map(({ StreamName, Records }) => [StreamName, Records]),
    [['orders', 20]],
  );
});

test('a poller that has not read for a minute is idle, and its lag is not known', async () => {
  await using harness = await Harness.start();
  await harness.createStream('orders');
  const { ShardIterator } = await harness.call<{ ShardIterator: string }>('GetShardIterator', {
    ...{ StreamName: 'orders', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' },
  });
  await harness.call('GetRecords', { ShardIterator });
  await harness.clock.advance(61_000);
  const { Readers } = await look<ListReadersAnswer>(harness, 'ListReaders', { StreamName: 'orders' });
  assert.deepEqual(
    Readers.map(({ State, LagMillis }) => [State, LagMillis]),
    [['idle', undefined]],
  );
});

test('a stream of another region is not there', async () => {
  await using harness = await Harness.start();
  await harness.createStream('orders');
  harness.region = 'eu-west-1';
  for (const [operation, input] of [
    ['GetStreamSight', { StreamName: 'orders' }],
    ['GetStreamSight', { StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders' }],
    ['ListReaders', { StreamName: 'orders' }],
  ] as const) {
    const { status, body } = await looked(harness, operation, input);
    assert.deepEqual([status, body['__type']], [400, 'ResourceNotFoundException'], operation);
  }
});

test('a server tells of itself: engine, listeners, calls, and nothing to warn of', async () => {
  await using harness = await Harness.start({ memory: true });
  await harness.createStream('orders');
  const sight = await look<GetServerSightAnswer>(harness, 'GetServerSight');
  assert.deepEqual(
    [sight.Engine, sight.Health, sight.Signed, sight.Limits, sight.Disk, sight.Gateways, sight.Warnings],
    ['memory', 'ok', false, 'aws', undefined, [], []],
  );
  const created = sight.Operations.find(({ Operation }) => Operation === 'kinesis:CreateStream');
  assert.equal(created?.Calls, 1);
  assert.ok(created.P99Millis >= created.P50Millis);
});
