import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListReadersAnswer, ListStreamSightsAnswer } from '../../../src/services/millrace/sights.ts';
import { Harness } from '../kinesis/harness.ts';
import { look } from './millrace-calls.ts';

type Put = { readonly SequenceNumber: string; readonly ShardId: string };

const shardId = 'shardId-000000000000';

async function dynamodb(harness: Harness, operation: string, input: object): Promise<void> {
  const { method, target, rawHeaders } = harness.request(operation, '');
  const headers = rawHeaders.map((text) =>
    text
      .replace('Kinesis_20131202', 'DynamoDB_20120810')
      .replace('/kinesis/aws4_request', '/dynamodb/aws4_request')
      .replace('json-1.1', 'json-1.0'),
  );
  const body = Buffer.from(JSON.stringify(input));
  const answer = await harness.send({ method, target, rawHeaders: headers, body });
  assert.equal(answer.status, 200, `${operation}: ${answer.body}`);
}

async function leaseTable(harness: Harness, TableName: string): Promise<void> {
  await dynamodb(harness, 'CreateTable', {
    TableName,
    KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'leaseKey', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await harness.clock.advance(100);
}

/** As the KCL of all versions writes a lease; `more` is what newer ones have besides. */
async function lease(
  harness: Harness,
  TableName: string,
  checkpoint: string,
  more: object = {},
): Promise<void> {
  const Item = {
    leaseKey: { S: shardId },
    leaseOwner: { S: 'worker-1' },
    leaseCounter: { N: '7' },
    checkpoint: { S: checkpoint },
    checkpointSubSequenceNumber: { N: '0' },
    ownerSwitchesSinceCheckpoint: { N: '0' },
    ...more,
  };
  await dynamodb(harness, 'PutItem', { TableName, Item });
}

async function put(harness: Harness, StreamName: string): Promise<Put> {
  return await harness.call<Put>('PutRecord', { StreamName, PartitionKey: 'a', Data: 'AAAA' });
}

async function kclReaders(harness: Harness): Promise<ListReadersAnswer['Readers']> {
  // What was found a moment ago counts for a moment.
  await harness.clock.advance(2_000);
  // Of one stream all is looked at anew, and of all streams what was found then.
  await look<ListReadersAnswer>(harness, 'ListReaders', { StreamName: 'orders' });
  const { Readers } = await look<ListReadersAnswer>(harness, 'ListReaders');
  return Readers.filter(({ Kind }) => Kind === 'kcl');
}

test('an application is found by its leases, of the stream in which its checkpoint was, and lags from there', async () => {
  await using harness = await Harness.start();
  await harness.createStream('clicks');
  await harness.clock.advance(3_000);
  await harness.createStream('orders');
  await leaseTable(harness, 'billing');
  const { SequenceNumber } = await put(harness, 'orders');
  await harness.clock.advance(1_000);
  await put(harness, 'orders');
  await put(harness, 'orders');
  await lease(harness, 'billing', SequenceNumber);
  await harness.clock.advance(60_000);

  const before = harness.clock.now();
  const [reader, ...others] = await kclReaders(harness);
  assert.deepEqual(others, []);
  const { Name, StreamName, State, LagMillis, TimeToLossMillis, Shards } = reader!;
  assert.deepEqual([Name, StreamName, State], ['billing', 'orders', 'running']);
  // Its next record arrived a minute ago, and the two seconds of the look later.
  assert.equal(LagMillis, 60_000 + 2_000);
  assert.ok(harness.clock.now() - before >= 2_000);
  assert.equal(TimeToLossMillis, 24 * 3_600_000 - LagMillis);
  assert.deepEqual(Shards, [
    {
      ShardId: shardId,
      LagMillis,
      Owner: 'worker-1',
      Checkpoint: SequenceNumber,
      RecordsBehind: 2,
    },
  ]);
  const { Streams } = await look<ListStreamSightsAnswer>(harness, 'ListStreamSights');
  const [clicks, orders] = Streams;
  assert.deepEqual([clicks!.Readers, orders!.Readers, orders!.LaggingReader], [0, 1, 'billing']);
});

test('a checkpoint at the last record has no lag, one at the end of a shard none, one at LATEST is not known', async () => {
  await using harness = await Harness.start();
  await harness.createStream('orders');
  await leaseTable(harness, 'billing');
  const { SequenceNumber } = await put(harness, 'orders');
  for (const [checkpoint, lagMs] of [
    [SequenceNumber, 0],
    ['SHARD_END', 0],
    ['LATEST', undefined],
  ] as const) {
    await lease(harness, 'billing', checkpoint);
    const [reader] = await kclReaders(harness);
    assert.deepEqual([reader?.StreamName, reader?.LagMillis], ['orders', lagMs], checkpoint);
  }
});

test('an application at TRIM_HORIZON lags as long as the oldest record is old, and stops when nobody renews', async () => {
  await using harness = await Harness.start();
  await harness.createStream('orders');
  await leaseTable(harness, 'billing');
  await put(harness, 'orders');
  await lease(harness, 'billing', 'TRIM_HORIZON');
  const [first] = await kclReaders(harness);
  assert.deepEqual([first?.State, first?.LagMillis], ['running', 2_000]);
  await harness.clock.advance(40_000);
  const [later] = await kclReaders(harness);
  assert.deepEqual([later?.State, later?.LagMillis], ['stopped', 44_000]);
});

test('leases of several streams name theirs; locks, metrics of workers and other tables are no applications', async () => {
  await using harness = await Harness.start();
  await harness.createStream('orders');
  const described = await harness.call<{
    StreamDescriptionSummary: { StreamARN: string; StreamCreationTimestamp: number };
  }>('DescribeStreamSummary', { StreamName: 'orders' });
  const { StreamARN, StreamCreationTimestamp } = described.StreamDescriptionSummary;
  const account = StreamARN.split(':')[4]!;
  const identifier = `${account}:orders:${Math.floor(StreamCreationTimestamp)}`;
  await leaseTable(harness, 'billing');
  const several = (name: string) => ({
    leaseKey: { S: `${name}:${shardId}` },
    streamName: { S: name },
    shardId: { S: shardId },
    entityType: { S: 'LEASE' },
  });
  await lease(harness, 'billing', 'TRIM_HORIZON', several(identifier));
  await lease(harness, 'billing', 'TRIM_HORIZON', several(`${account}:orders:1`));
  const other = (leaseKey: string, more: object) =>
    dynamodb(harness, 'PutItem', { TableName: 'billing', Item: { leaseKey: { S: leaseKey }, ...more } });
  await other('Leader', { recordVersionNumber: { S: 'x' } });
  await other('worker-1', { entityType: { S: 'WORKER_METRIC_STATS' }, checkpoint: { S: 'x' } });
  await leaseTable(harness, 'locks');
  const readers = await kclReaders(harness);
  assert.deepEqual(
    readers.map(({ Name, StreamName, Reason }) => [Name, StreamName, Reason]),
    [
      ['billing', 'orders', undefined],
      ['billing', '', 'The stream orders that it read was deleted.'],
    ],
  );
});
