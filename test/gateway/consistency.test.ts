import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DroppedError } from '../../src/log/log.ts';
import { alteredEngine } from '../log/altered-engine.ts';
import { OwnerWithWorkers, type TestWorker } from './owner-with-workers.ts';

// What a client was told by one worker is true at every other at once. Each test asks the other worker in the
// same turn in which the first has answered: nothing but the request itself can have brought the news.

type Stored = { readonly ShardId: string; readonly SequenceNumber: string };
type Page = {
  readonly Records: readonly { readonly Data: string }[];
  readonly NextShardIterator?: string;
  readonly MillisBehindLatest: number;
  readonly ChildShards?: readonly object[];
};

function put(worker: TestWorker, text: string, more: object = {}): Promise<Stored> {
  const Data = Buffer.from(text).toString('base64');
  return worker.call('PutRecord', { StreamName: 's', PartitionKey: 'k', Data, ...more });
}

async function iteratorAt(worker: TestWorker, shard: string, more: object = {}): Promise<string> {
  const input = { StreamName: 's', ShardId: shard, ShardIteratorType: 'TRIM_HORIZON', ...more };
  return (await worker.call<{ ShardIterator: string }>('GetShardIterator', input)).ShardIterator;
}

function read(worker: TestWorker, iterator: string): Promise<Page> {
  return worker.call('GetRecords', { ShardIterator: iterator });
}

function textsOf({ Records }: Page): string[] {
  return Records.map(({ Data }) => String(Buffer.from(Data, 'base64')));
}

async function twoWorkers(
  shards = 1,
): Promise<OwnerWithWorkers & { readonly one: TestWorker; readonly other: TestWorker }> {
  const server = await OwnerWithWorkers.of(2);
  const [one, other] = server.workers;
  await one!.call('CreateStream', { StreamName: 's', ShardCount: shards });
  await one!.active('s');
  return Object.assign(server, { one: one!, other: other! });
}

test('a stream that one worker created is described by another', async () => {
  await using server = await OwnerWithWorkers.of(2);
  const [one, other] = server.workers;
  await one!.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  const { StreamDescriptionSummary } = await other!.call<{
    StreamDescriptionSummary: { StreamName: string };
  }>('DescribeStreamSummary', { StreamName: 's' });
  assert.equal(StreamDescriptionSummary.StreamName, 's');
});

test('a stream that one worker calls ACTIVE takes records at another', async () => {
  await using server = await twoWorkers();
  assert.equal((await put(server.other, 'first')).ShardId, 'shardId-000000000000');
});

test('a record that one worker acknowledged is read at another, from the end before it on', async () => {
  await using server = await twoWorkers();
  const latest = await iteratorAt(server.other, 'shardId-000000000000', { ShardIteratorType: 'LATEST' });
  await put(server.one, 'hello');
  assert.deepEqual(textsOf(await read(server.other, latest)), ['hello']);
});

test('what one worker acknowledged lies before LATEST at another', async () => {
  await using server = await twoWorkers();
  await put(server.one, 'before');
  const latest = await iteratorAt(server.other, 'shardId-000000000000', { ShardIteratorType: 'LATEST' });
  await put(server.one, 'after');
  assert.deepEqual(textsOf(await read(server.other, latest)), ['after']);
});

test('an iterator of one worker is good at another, and so is one of before a worker began', async () => {
  await using server = await twoWorkers();
  await put(server.one, 'hello');
  const iterator = await iteratorAt(server.one, 'shardId-000000000000');
  assert.deepEqual(textsOf(await read(server.other, iterator)), ['hello']);
  assert.deepEqual(textsOf(await read(server.addWorker(), iterator)), ['hello']);
});

test('records at one worker go to the children of a shard that another split', async () => {
  await using server = await twoWorkers();
  await put(server.other, 'parent');
  await server.one.call('SplitShard', {
    StreamName: 's',
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: String(1n << 127n),
  });
  await server.one.active('s');
  assert.equal((await put(server.other, 'low', { ExplicitHashKey: '0' })).ShardId, 'shardId-000000000001');
});

test('records that meet a sealed shard wait at their worker until the catalog says which shards take over', async () => {
  await using server = await twoWorkers();
  const split = server.one.call('SplitShard', {
    StreamName: 's',
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: String(1n << 127n),
  });
  const puts = Array.from({ length: 50 }, (_, nth) =>
    put(server.other, String(nth), { ExplicitHashKey: '0' }),
  );
  await split;
  await server.one.active('s');
  const stored = await Promise.all([...puts, put(server.other, 'last', { ExplicitHashKey: '0' })]);
  assert.equal(stored.at(-1)!.ShardId, 'shardId-000000000001');
  const parent = textsOf(await read(server.one, await iteratorAt(server.one, 'shardId-000000000000')));
  const child = textsOf(await read(server.one, await iteratorAt(server.one, 'shardId-000000000001')));
  assert.deepEqual([...parent, ...child].sort(), [...puts.keys(), 'last'].map(String).sort());
});

test('at the end of a shard that one worker split, another answers its children, and nothing else', async () => {
  await using server = await twoWorkers();
  await put(server.one, 'last');
  const iterator = await iteratorAt(server.other, 'shardId-000000000000');
  await server.one.call('SplitShard', {
    StreamName: 's',
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: String(1n << 127n),
  });
  await server.one.active('s');
  const last = await read(server.other, iterator);
  assert.deepEqual([textsOf(last), last.ChildShards?.length], [['last'], undefined]);
  for (const worker of [server.one, server.other]) {
    const end = await read(worker, last.NextShardIterator!);
    assert.deepEqual([textsOf(end), end.NextShardIterator, end.ChildShards?.length], [[], undefined, 2]);
  }
});

test('a stream that one worker deleted takes no records at another', async () => {
  await using server = await twoWorkers();
  await server.one.call('DeleteStream', { StreamName: 's' });
  const { status, body } = await server.other.answer('PutRecord', {
    StreamName: 's',
    PartitionKey: 'k',
    Data: '',
  });
  assert.equal(status, 400);
  assert.equal((body as { __type: string }).__type, 'ResourceNotFoundException');
});

test('a stream that was deleted and made again is empty at every worker, and iterators of the old one are no good', async () => {
  await using server = await twoWorkers();
  await put(server.other, 'old');
  const iterator = await iteratorAt(server.other, 'shardId-000000000000');
  await server.one.call('DeleteStream', { StreamName: 's' });
  for (;;) {
    const { status } = await server.one.answer('CreateStream', { StreamName: 's', ShardCount: 1 });
    if (status === 200) break;
  }
  await server.one.active('s');
  const fresh = await iteratorAt(server.other, 'shardId-000000000000');
  assert.deepEqual(textsOf(await read(server.other, fresh)), []);
  const { status, body } = await server.other.answer('GetRecords', { ShardIterator: iterator });
  assert.equal(status, 400);
  assert.equal((body as { __type: string }).__type, 'ResourceNotFoundException');
});

test('a retention that was shortened at one worker hides records at another', async () => {
  await using server = await twoWorkers();
  const hours = (RetentionPeriodHours: number) => ({ StreamName: 's', RetentionPeriodHours });
  await server.one.call('IncreaseStreamRetentionPeriod', hours(48));
  await server.one.active('s');
  await put(server.other, 'a day old');
  await server.clock.advance(25 * 3_600_000);
  const iterator = await iteratorAt(server.other, 'shardId-000000000000');
  assert.deepEqual(textsOf(await read(server.other, iterator)), ['a day old']);
  await server.one.call('DecreaseStreamRetentionPeriod', hours(24));
  assert.deepEqual(textsOf(await read(server.other, iterator)), []);
});

test('a record size that was allowed at one worker is taken at another', async () => {
  await using server = await twoWorkers();
  const { StreamDescriptionSummary } = await server.one.call<{
    StreamDescriptionSummary: { StreamARN: string };
  }>('DescribeStreamSummary', { StreamName: 's' });
  await server.one.call('UpdateMaxRecordSize', {
    StreamARN: StreamDescriptionSummary.StreamARN,
    MaxRecordSizeInKiB: 2048,
  });
  await server.one.active('s');
  await put(server.other, 'x'.repeat(1_500_000));
});

test('a stream that is deleted while it is read is missing, as it is from then on', async () => {
  let isGone = false;
  const unlessGone = async <T>(call: () => Promise<T>): Promise<T> => {
    if (isGone) throw new DroppedError('The stream was deleted.');
    return await call();
  };
  await using server = await OwnerWithWorkers.of(1, {}, (inner) =>
    alteredEngine(inner, {
      read: (key, request) => unlessGone(() => inner.read(key, request)),
      position: (key) => unlessGone(() => inner.position(key)),
    }),
  );
  const [worker] = server.workers;
  await worker!.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  await worker!.active('s');
  const iterator = await iteratorAt(worker!, 'shardId-000000000000');
  isGone = true;
  const page = await worker!.answer('GetRecords', { ShardIterator: iterator });
  const again = await worker!.answer('GetShardIterator', {
    StreamName: 's',
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'LATEST',
  });
  for (const { status, body } of [page, again]) {
    assert.equal(status, 400);
    assert.equal((body as { __type: string }).__type, 'ResourceNotFoundException');
  }
});
