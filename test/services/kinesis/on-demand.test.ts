import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evenRanges } from '../../../src/kinesis/hash-key.ts';
import { Harness } from './harness.ts';
import { readAll } from './read-all.ts';

/** Load is averaged over a second and remembered for a minute. */
const fast = { limits: 'none', transitionDelay: 10, scalingWindow: 1, scalingMemory: 60 } as const;

type OpenShard = {
  readonly ShardId: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
};

type PutRecord = { readonly Data: string; readonly PartitionKey: string; readonly ExplicitHashKey?: string };

async function startWith(stream: object): Promise<Harness> {
  const server = await Harness.start(fast);
  await server.call('CreateStream', { StreamName: 's', ...stream });
  await server.clock.advance(10);
  return server;
}

const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } };

async function openShards(server: Harness): Promise<OpenShard[]> {
  const { Shards } = await server.call<{ Shards: OpenShard[] }>('ListShards', {
    StreamName: 's',
    ShardFilter: { Type: 'AT_LATEST' },
  });
  return Shards;
}

/** Puts records for so many seconds, 200 in each request. */
async function putFor(
  server: Harness,
  seconds: number,
  perSecond: number,
  record: (nth: number) => PutRecord,
): Promise<void> {
  const each = 200;
  for (let nth = 0; nth < perSecond * seconds; nth += each) {
    const Records = Array.from({ length: each }, (_, index) => record(nth + index));
    const answer = await server.call<{ FailedRecordCount: number }>('PutRecords', {
      StreamName: 's',
      Records,
    });
    assert.equal(answer.FailedRecordCount, 0);
    await server.clock.advance((1000 * each) / perSecond);
  }
}

/** A counter for each of 40 keys, which are spread evenly. */
function counted(first: number): (nth: number) => PutRecord {
  return (nth) => {
    const key = (first + nth) % 40;
    const text = `${key}/${String(Math.floor((first + nth) / 40)).padStart(4, '0')}`;
    return {
      Data: Buffer.from(text).toString('base64'),
      PartitionKey: 'k',
      ExplicitHashKey: String(((2n * BigInt(key) + 1n) << 128n) / 80n),
    };
  };
}

test('when the load doubles the shards double, and every record is read, in order, along their lineage', async () => {
  await using server = await startWith(onDemand);
  await putFor(server, 1, 2000, counted(0));
  await server.clock.advance(20);
  assert.equal((await openShards(server)).length, 4);
  await putFor(server, 1, 4000, counted(2000));
  await server.clock.advance(20);
  assert.equal((await openShards(server)).length, 8);
  await putFor(server, 1, 200, counted(6000));

  const { records, shards } = await readAll(server, 's');
  assert.equal(shards, 12);
  assert.equal(records.length, 6200);
  for (let key = 0; key < 40; key++) {
    const texts = records.map(({ text }) => text).filter((text) => text.startsWith(`${key}/`));
    assert.deepEqual(
      texts,
      Array.from({ length: 155 }, (_, nth) => `${key}/${String(nth).padStart(4, '0')}`),
    );
  }
});

test('a hot shard is split where its load is', async () => {
  await using server = await startWith(onDemand);
  // The fourth shard is hot, in the last eighth of its range.
  const { first, last } = evenRanges(4)[3]!;
  const eighth = (last - first + 1n) / 8n;
  const hot = (nth: number) => String(last - (eighth * BigInt(nth % 100)) / 100n);
  await putFor(server, 2, 1000, (nth) => ({ Data: '', PartitionKey: 'k', ExplicitHashKey: hot(nth) }));
  const [low, high] = (await openShards(server)).slice(3);
  assert.ok(high !== undefined);
  assert.equal(low!.HashKeyRange.StartingHashKey, String(first));
  assert.equal(BigInt(low!.HashKeyRange.EndingHashKey) + 1n, BigInt(high.HashKeyRange.StartingHashKey));
  assert.equal(BigInt(high.HashKeyRange.StartingHashKey), last + 1n - eighth / 2n);
});

test('an idle stream shrinks once its peak is forgotten, and its records stay', async () => {
  await using server = await startWith(onDemand);
  // What is written is counted within moments, wherever that is done: of two seconds one is counted whole,
  // and is known for up to a second longer or shorter.
  await putFor(server, 2, 5000, counted(0));
  await server.clock.advance(400);
  assert.equal((await openShards(server)).length, 16);
  await server.clock.advance(57_000);
  assert.equal((await openShards(server)).length, 16);
  await server.clock.advance(4_000);
  assert.equal((await openShards(server)).length, 4);
  const { records, shards } = await readAll(server, 's');
  assert.deepEqual([records.length, shards], [10_000, 4 + 8 + 16 + 8 + 4]);
});

test('a provisioned stream keeps its shards, whatever is written to it', async () => {
  await using server = await startWith({ ShardCount: 1 });
  await putFor(server, 3, 4000, counted(0));
  await server.clock.advance(120_000);
  assert.equal((await openShards(server)).length, 1);
});

test('a stream that is to be kept warm has the shards for it right away, and no longer than that', async () => {
  await using server = await startWith(onDemand);
  await server.call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } });
  const keepWarm = async (WarmThroughputMiBps: number) => {
    await server.call('UpdateStreamWarmThroughput', { StreamName: 's', WarmThroughputMiBps });
    await server.clock.advance(100);
  };
  await keepWarm(10);
  assert.equal((await openShards(server)).length, 10);
  await server.clock.advance(120_000);
  assert.equal((await openShards(server)).length, 10);
  await keepWarm(1);
  assert.equal((await openShards(server)).length, 5);
});

test('a stream that was switched to on-demand is scaled from then on', async () => {
  await using server = await startWith({ ShardCount: 1 });
  const { StreamDescriptionSummary: summary } = await server.call<{
    StreamDescriptionSummary: { StreamARN: string };
  }>('DescribeStreamSummary', { StreamName: 's' });
  await server.call('UpdateStreamMode', { StreamARN: summary.StreamARN, ...onDemand });
  await server.clock.advance(100);
  assert.equal((await openShards(server)).length, 1);
  await putFor(server, 2, 1000, counted(0));
  assert.equal((await openShards(server)).length, 2);
});

test('a record of 10 MiB passes, and the small ones after it wait until it is paid for', async () => {
  await using server = await Harness.start({ limits: 'aws' });
  await server.createStream('s');
  const { StreamDescriptionSummary: summary } = await server.call<{
    StreamDescriptionSummary: { StreamARN: string };
  }>('DescribeStreamSummary', { StreamName: 's' });
  await server.call('UpdateMaxRecordSize', { StreamARN: summary.StreamARN, MaxRecordSizeInKiB: 10_240 });
  await server.clock.advance(1000);
  const put = async (bytes: number) => {
    const Data = Buffer.alloc(bytes).toString('base64');
    const { status } = await server.answer('PutRecord', { StreamName: 's', Data, PartitionKey: 'k' });
    return status;
  };
  assert.equal(await put(10 * 1024 * 1024 - 1), 200);
  assert.equal(await put(1), 400);
  await server.clock.advance(8_990);
  assert.equal(await put(1), 400);
  await server.clock.advance(20);
  assert.equal(await put(1), 200);
});
