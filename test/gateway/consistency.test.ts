import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DroppedError } from '../../src/log/log.ts';
import { alteredEngine } from '../log/altered-engine.ts';
import { Crowd, type Front } from './crowd.ts';

// What a client was told by one front is true at every other at once. Each test asks the other front in the
// same turn in which the first has answered: nothing but the request itself can have brought the news.

type Stored = { readonly ShardId: string; readonly SequenceNumber: string };
type Page = {
  readonly Records: readonly { readonly Data: string }[];
  readonly NextShardIterator?: string;
  readonly MillisBehindLatest: number;
  readonly ChildShards?: readonly object[];
};

function put(front: Front, text: string, more: object = {}): Promise<Stored> {
  const Data = Buffer.from(text).toString('base64');
  return front.call('PutRecord', { StreamName: 's', PartitionKey: 'k', Data, ...more });
}

async function iteratorAt(front: Front, shard: string, more: object = {}): Promise<string> {
  const input = { StreamName: 's', ShardId: shard, ShardIteratorType: 'TRIM_HORIZON', ...more };
  return (await front.call<{ ShardIterator: string }>('GetShardIterator', input)).ShardIterator;
}

function read(front: Front, iterator: string): Promise<Page> {
  return front.call('GetRecords', { ShardIterator: iterator });
}

function textsOf({ Records }: Page): string[] {
  return Records.map(({ Data }) => String(Buffer.from(Data, 'base64')));
}

async function twoFronts(shards = 1): Promise<Crowd & { readonly one: Front; readonly other: Front }> {
  const crowd = await Crowd.of(2);
  const [one, other] = crowd.fronts;
  await one!.call('CreateStream', { StreamName: 's', ShardCount: shards });
  await one!.active('s');
  return Object.assign(crowd, { one: one!, other: other! });
}

test('a stream that one front created is described by another', async () => {
  await using crowd = await Crowd.of(2);
  const [one, other] = crowd.fronts;
  await one!.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  const { StreamDescriptionSummary } = await other!.call<{
    StreamDescriptionSummary: { StreamName: string };
  }>('DescribeStreamSummary', { StreamName: 's' });
  assert.equal(StreamDescriptionSummary.StreamName, 's');
});

test('a stream that one front calls ACTIVE takes records at another', async () => {
  await using crowd = await twoFronts();
  assert.equal((await put(crowd.other, 'first')).ShardId, 'shardId-000000000000');
});

test('a record that one front acknowledged is read at another, from the end before it on', async () => {
  await using crowd = await twoFronts();
  const latest = await iteratorAt(crowd.other, 'shardId-000000000000', { ShardIteratorType: 'LATEST' });
  await put(crowd.one, 'hello');
  assert.deepEqual(textsOf(await read(crowd.other, latest)), ['hello']);
});

test('what one front acknowledged lies before LATEST at another', async () => {
  await using crowd = await twoFronts();
  await put(crowd.one, 'before');
  const latest = await iteratorAt(crowd.other, 'shardId-000000000000', { ShardIteratorType: 'LATEST' });
  await put(crowd.one, 'after');
  assert.deepEqual(textsOf(await read(crowd.other, latest)), ['after']);
});

test('an iterator of one front is good at another, and so is one of before a front began', async () => {
  await using crowd = await twoFronts();
  await put(crowd.one, 'hello');
  const iterator = await iteratorAt(crowd.one, 'shardId-000000000000');
  assert.deepEqual(textsOf(await read(crowd.other, iterator)), ['hello']);
  assert.deepEqual(textsOf(await read(crowd.addFront(), iterator)), ['hello']);
});

test('records at one front go to the children of a shard that another split', async () => {
  await using crowd = await twoFronts();
  await put(crowd.other, 'parent');
  await crowd.one.call('SplitShard', {
    StreamName: 's',
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: String(1n << 127n),
  });
  await crowd.one.active('s');
  assert.equal((await put(crowd.other, 'low', { ExplicitHashKey: '0' })).ShardId, 'shardId-000000000001');
});

test('records that meet a sealed shard wait at their front until the catalog says who takes over', async () => {
  await using crowd = await twoFronts();
  const split = crowd.one.call('SplitShard', {
    StreamName: 's',
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: String(1n << 127n),
  });
  const puts = Array.from({ length: 50 }, (_, nth) =>
    put(crowd.other, String(nth), { ExplicitHashKey: '0' }),
  );
  await split;
  await crowd.one.active('s');
  const stored = await Promise.all([...puts, put(crowd.other, 'last', { ExplicitHashKey: '0' })]);
  assert.equal(stored.at(-1)!.ShardId, 'shardId-000000000001');
  const parent = textsOf(await read(crowd.one, await iteratorAt(crowd.one, 'shardId-000000000000')));
  const child = textsOf(await read(crowd.one, await iteratorAt(crowd.one, 'shardId-000000000001')));
  assert.deepEqual([...parent, ...child].sort(), [...puts.keys(), 'last'].map(String).sort());
});

test('at the end of a shard that one front split, another answers its children, and nothing else', async () => {
  await using crowd = await twoFronts();
  await put(crowd.one, 'last');
  const iterator = await iteratorAt(crowd.other, 'shardId-000000000000');
  await crowd.one.call('SplitShard', {
    StreamName: 's',
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: String(1n << 127n),
  });
  await crowd.one.active('s');
  const last = await read(crowd.other, iterator);
  assert.deepEqual([textsOf(last), last.ChildShards?.length], [['last'], undefined]);
  for (const front of [crowd.one, crowd.other]) {
    const end = await read(front, last.NextShardIterator!);
    assert.deepEqual([textsOf(end), end.NextShardIterator, end.ChildShards?.length], [[], undefined, 2]);
  }
});

test('a stream that one front deleted takes no records at another', async () => {
  await using crowd = await twoFronts();
  await crowd.one.call('DeleteStream', { StreamName: 's' });
  const { status, body } = await crowd.other.answer('PutRecord', {
    StreamName: 's',
    PartitionKey: 'k',
    Data: '',
  });
  assert.equal(status, 400);
  assert.equal((body as { __type: string }).__type, 'ResourceNotFoundException');
});

test('a stream that was deleted and made again is empty at every front, and iterators of the old one are no good', async () => {
  await using crowd = await twoFronts();
  await put(crowd.other, 'old');
  const iterator = await iteratorAt(crowd.other, 'shardId-000000000000');
  await crowd.one.call('DeleteStream', { StreamName: 's' });
  for (;;) {
    const { status } = await crowd.one.answer('CreateStream', { StreamName: 's', ShardCount: 1 });
    if (status === 200) break;
  }
  await crowd.one.active('s');
  const fresh = await iteratorAt(crowd.other, 'shardId-000000000000');
  assert.deepEqual(textsOf(await read(crowd.other, fresh)), []);
  const { status, body } = await crowd.other.answer('GetRecords', { ShardIterator: iterator });
  assert.equal(status, 400);
  assert.equal((body as { __type: string }).__type, 'ResourceNotFoundException');
});

test('a retention that was shortened at one front hides records at another', async () => {
  await using crowd = await twoFronts();
  const hours = (RetentionPeriodHours: number) => ({ StreamName: 's', RetentionPeriodHours });
  await crowd.one.call('IncreaseStreamRetentionPeriod', hours(48));
  await crowd.one.active('s');
  await put(crowd.other, 'a day old');
  await crowd.clock.advance(25 * 3_600_000);
  const iterator = await iteratorAt(crowd.other, 'shardId-000000000000');
  assert.deepEqual(textsOf(await read(crowd.other, iterator)), ['a day old']);
  await crowd.one.call('DecreaseStreamRetentionPeriod', hours(24));
  assert.deepEqual(textsOf(await read(crowd.other, iterator)), []);
});

test('a record size that was allowed at one front is taken at another', async () => {
  await using crowd = await twoFronts();
  const { StreamDescriptionSummary } = await crowd.one.call<{
    StreamDescriptionSummary: { StreamARN: string };
  }>('DescribeStreamSummary', { StreamName: 's' });
  await crowd.one.call('UpdateMaxRecordSize', {
    StreamARN: StreamDescriptionSummary.StreamARN,
    MaxRecordSizeInKiB: 2048,
  });
  await crowd.one.active('s');
  await put(crowd.other, 'x'.repeat(1_500_000));
});

test('a stream that is deleted while it is read is missing, as it is from then on', async () => {
  let isGone = false;
  const unlessGone = async <T>(call: () => Promise<T>): Promise<T> => {
    if (isGone) throw new DroppedError('The stream was deleted.');
    return await call();
  };
  await using crowd = await Crowd.of(1, {}, (inner) =>
    alteredEngine(inner, {
      read: (key, request) => unlessGone(() => inner.read(key, request)),
      position: (key) => unlessGone(() => inner.position(key)),
    }),
  );
  const [front] = crowd.fronts;
  await front!.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  await front!.active('s');
  const iterator = await iteratorAt(front!, 'shardId-000000000000');
  isGone = true;
  const page = await front!.answer('GetRecords', { ShardIterator: iterator });
  const again = await front!.answer('GetShardIterator', {
    StreamName: 's',
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'LATEST',
  });
  for (const { status, body } of [page, again]) {
    assert.equal(status, 400);
    assert.equal((body as { __type: string }).__type, 'ResourceNotFoundException');
  }
});
