import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Harness } from '../kinesis/harness.ts';
import { ask, tailOf } from './tail-reader.ts';

/** A server with a stream of some shards. */
async function started(shards = 1, options = {}): Promise<Harness> {
  const server = await Harness.start(options);
  await server.createStream('orders', shards);
  return server;
}

async function put(server: Harness, text: string, PartitionKey = text): Promise<void> {
  const Data = Buffer.from(text).toString('base64');
  await server.call('PutRecord', { StreamName: 'orders', PartitionKey, Data });
}

test('a tail sends what is put after it began, with where it is, and no record of before', async () => {
  await using server = await started();
  await put(server, 'before');
  const tail = (await tailOf(server, '/streams/orders/tail')).follow();
  await server.settled();
  await put(server, 'after', 'key "1"');
  await server.clock.advance(100);
  assert.equal(tail.events[0]?.event, 'status');
  const [record] = tail.named('record');
  assert.deepEqual(
    { ...record, sequenceNumber: '' },
    {
      shardId: 'shardId-000000000000',
      sequenceNumber: '',
      partitionKey: 'key "1"',
      arrival: record?.arrival,
      data: Buffer.from('after').toString('base64'),
    },
  );
  assert.match(String(record?.sequenceNumber), /^\d{56}$/);
  assert.deepEqual(tail.texts, ['after']);
  await tail.leave();
});

test('an open server needs no signature for a tail, and takes the region from the query', async () => {
  await using server = await started();
  const unsigned: string[] = [];
  const tail = (await tailOf(server, '/streams/orders/tail?from=TRIM_HORIZON', unsigned)).follow();
  await put(server, 'seen');
  await server.clock.advance(100);
  assert.deepEqual(tail.texts, ['seen']);
  const { status, body } = await ask(server, '/streams/orders/tail?region=eu-west-1', unsigned);
  assert.equal(status, 400);
  assert.match(String(body), /Stream orders under account 000000000000 not found/);
  await tail.leave();
});

test('an id begins again behind its event, in the header that browsers send as in the query', async () => {
  await using server = await started();
  for (const text of ['a', 'b']) await put(server, text);
  const first = (await tailOf(server, '/streams/orders/tail?from=TRIM_HORIZON')).follow();
  await server.clock.advance(100);
  await first.leave();
  assert.deepEqual(first.texts, ['a', 'b']);
  await put(server, 'c');
  const id = first.lastId!;
  const header = ['Last-Event-ID', id];
  const again = (await tailOf(server, '/streams/orders/tail?from=TRIM_HORIZON', header)).follow();
  const other = (await tailOf(server, `/streams/orders/tail?lastEventId=${encodeURIComponent(id)}`)).follow();
  await server.clock.advance(100);
  assert.deepEqual(again.texts, ['c']);
  assert.deepEqual(other.texts, ['c']);
  await Promise.all([again.leave(), other.leave()]);
});

test('an id of another stream, of a stream of before, or of nobody is refused', async () => {
  await using server = await started();
  await server.createStream('other');
  const tail = (await tailOf(server, '/streams/other/tail')).follow();
  await server.settled();
  await tail.leave();
  for (const id of [tail.lastId!, 'AAAA', 'x'.repeat(500)]) {
    const { status, body } = await ask(server, '/streams/orders/tail', ['Last-Event-ID', id]);
    assert.equal(status, 400);
    assert.match(String(body), /The event id is not one of a tail of stream orders/);
  }
});

test('times are of RFC 3339, seconds, or how long ago; others are refused', async () => {
  await using server = await started();
  await put(server, 'old');
  await server.clock.advance(60_000);
  await put(server, 'new');
  const textsFrom = async (from: string) => {
    const tail = (await tailOf(server, `/streams/orders/tail?from=${encodeURIComponent(from)}`)).follow();
    await server.clock.advance(100);
    await tail.leave();
    return tail.texts;
  };
  assert.deepEqual(await textsFrom('-30s'), ['new']);
  assert.deepEqual(await textsFrom('-1h'), ['old', 'new']);
  assert.deepEqual(await textsFrom('2023-11-14T22:13:50Z'), ['new']);
  assert.deepEqual(await textsFrom('2023-11-14T23:13:50.5+01:00'), ['new']);
  assert.deepEqual(await textsFrom('1700000030'), ['new']);
  for (const from of ['yesterday', '-15', '2023-11-14', '2099-01-01T00:00:00Z', '']) {
    const { status } = await ask(server, `/streams/orders/tail?from=${encodeURIComponent(from)}`);
    assert.equal(status, 400, from);
  }
});

test('a tail of some shards reads no others, also when their parents are not wanted', async () => {
  await using server = await started(2);
  await server.call('SplitShard', {
    ...{ StreamName: 'orders', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '5' },
  });
  await server.clock.advance(1_000);
  const hashed = (text: string, ExplicitHashKey: string) =>
    server.call('PutRecord', {
      ...{
        StreamName: 'orders',
        PartitionKey: 'k',
        ExplicitHashKey,
        Data: Buffer.from(text).toString('base64'),
      },
    });
  await hashed('wanted', '0');
  await hashed('sibling', '5');
  await hashed('elsewhere', String(2n ** 127n));
  const tail = (
    await tailOf(server, '/streams/orders/tail?from=TRIM_HORIZON&shard=shardId-000000000002')
  ).follow();
  await server.clock.advance(100);
  assert.deepEqual(tail.texts, ['wanted']);
  await server.call('MergeShards', {
    ...{
      StreamName: 'orders',
      ShardToMerge: 'shardId-000000000002',
      AdjacentShardToMerge: 'shardId-000000000003',
    },
  });
  await server.clock.advance(2_000);
  assert.equal(tail.named('end')[0]?.['reason'], 'shards');
  assert.ok(tail.isOver);
  const { body } = await ask(server, '/streams/orders/tail?shard=shardId-000000000099');
  assert.match(String(body), /Could not find shard shardId-000000000099 in stream orders/);
});

test('a tail until a time to come ends then, without what arrives at it', async () => {
  await using server = await started();
  const until = new Date(server.clock.now() + 5_000).toISOString();
  const tail = (await tailOf(server, `/streams/orders/tail?until=${until}`)).follow();
  await put(server, 'before');
  await server.clock.advance(4_900);
  assert.ok(!tail.isOver);
  await server.clock.advance(100);
  await put(server, 'then');
  await server.clock.advance(1_000);
  assert.deepEqual(tail.texts, ['before']);
  assert.deepEqual(tail.named('end'), [{ reason: 'until', records: 1, matched: 1, lagMs: 0 }]);
});

test('a silent tail says every 15 s that it lives, and nothing else', async () => {
  await using server = await started();
  const tail = (await tailOf(server, '/streams/orders/tail')).follow();
  await server.clock.advance(14_999);
  assert.equal(tail.pieces.length, 1);
  await server.clock.advance(1 + 15_000 * 3);
  assert.deepEqual(tail.pieces.slice(1), Array(4).fill(':\n\n'));
  await tail.leave();
});

test('records of a moment are one write, and there are 20 a second at most', async () => {
  await using server = await started();
  const tail = (await tailOf(server, '/streams/orders/tail')).follow();
  await server.settled();
  for (let ms = 0; ms < 1_000; ms += 10) {
    await put(server, String(ms));
    await server.clock.advance(10);
  }
  await server.clock.advance(100);
  assert.equal(tail.texts.length, 100);
  assert.ok(tail.pieces.length <= 23, `${tail.pieces.length} writes`);
  await tail.leave();
});

test('a client that takes nothing has nothing read for it, and gets all of it later', async () => {
  await using server = await started(1, { limits: 'none' });
  const tail = await tailOf(server, '/streams/orders/tail?from=TRIM_HORIZON');
  await tail.takeOne();
  const Data = Buffer.alloc(500_000, 'x').toString('base64');
  for (let nth = 0; nth < 8; nth++)
    await server.call('PutRecord', { StreamName: 'orders', PartitionKey: `${nth}`, Data });
  const piece = tail.takeOne();
  await server.clock.advance(100_000);
  await piece;
  assert.ok(tail.pieces.at(-1)!.length < 3_000_000);
  tail.follow();
  for (let turn = 0; turn < 100; turn++) await server.clock.advance(50);
  assert.deepEqual(
    tail.named('record').map(({ partitionKey }) => partitionKey),
    ['0', '1', '2', '3', '4', '5', '6', '7'],
  );
  await tail.leave();
});

test('a caller has 16 tails at once, and a place again when one has left', async () => {
  await using server = await started();
  const tails = [];
  for (let nth = 0; nth < 16; nth++) tails.push((await tailOf(server, '/streams/orders/tail')).follow());
  const { status, body } = await ask(server, '/streams/orders/tail');
  assert.equal(status, 400);
  assert.match(String(body), /There can be 16 tails and queries at once/);
  // Nothing is looked for in the log before.
  const nowhere = await ask(server, '/streams/orders/tail?from=-1h&shard=shardId-000000000099');
  assert.match(String(nowhere.body), /There can be 16 tails and queries at once/);
  await server.settled();
  await tails.pop()!.leave();
  tails.push((await tailOf(server, '/streams/orders/tail')).follow());
  await Promise.all(tails.map((tail) => tail.leave()));
});

test('tails end with the server, without an event that would keep clients from asking again', async () => {
  const server = await started();
  const tail = (await tailOf(server, '/streams/orders/tail')).follow();
  await server.settled();
  await server[Symbol.asyncDispose]();
  assert.ok(tail.isOver);
  assert.deepEqual(tail.named('end'), []);
});

test('a tail of a stream that is deleted says so and ends', async () => {
  await using server = await started();
  const tail = (await tailOf(server, '/streams/orders/tail')).follow();
  await server.settled();
  await server.call('DeleteStream', { StreamName: 'orders' });
  await server.clock.advance(1_000);
  assert.equal(tail.named('trouble')[0]?.['type'], 'ResourceNotFoundException');
  assert.deepEqual(tail.named('end'), [{ reason: 'deleted' }]);
  assert.ok(tail.isOver);
});

test('a tail spends no read of its shards', async () => {
  await using server = await started(1, { limits: 'aws' });
  const tail = (await tailOf(server, '/streams/orders/tail?from=TRIM_HORIZON')).follow();
  for (let nth = 0; nth < 20; nth++) {
    await put(server, `${nth}`);
    await server.clock.advance(51);
  }
  assert.equal(tail.texts.length, 20);
  const from = { StreamName: 'orders', ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST' };
  const { ShardIterator } = await server.call<{ ShardIterator: string }>('GetShardIterator', from);
  for (let nth = 0; nth < 5; nth++)
    assert.equal((await server.answer('GetRecords', { ShardIterator })).status, 200);
  await tail.leave();
});
