import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Departure } from '../../../src/env/network.ts';
import { Harness } from './harness.ts';

type Page = { readonly Records: readonly { readonly Data: string }[]; readonly NextShardIterator?: string };
type Answered = {
  readonly status: number;
  readonly body: Page & { readonly __type?: string; readonly message?: string };
};

async function started(options = {}): Promise<Harness> {
  const server = await Harness.start({ limits: 'none', ...options });
  await server.createStream('orders', 2);
  return server;
}

async function iterator(server: Harness, ShardIteratorType = 'LATEST', shard = 0): Promise<string> {
  const ShardId = `shardId-00000000000${shard}`;
  const input = { StreamName: 'orders', ShardId, ShardIteratorType };
  return (await server.call<{ ShardIterator: string }>('GetShardIterator', input)).ShardIterator;
}

/** A call of GetRecords that waits; its answer is not waited for. */
function poll(server: Harness, ShardIterator: string, wait = '20', departure?: Departure) {
  const request = server.request('GetRecords', JSON.stringify({ ShardIterator }));
  const rawHeaders = [...request.rawHeaders, 'x-millrace-wait', wait];
  const polled: { answer?: Answered } = {};
  const answering = server.handle({ ...request, rawHeaders, ...(departure && { departure }) });
  void answering.then(({ status, body }) => {
    const bytes = Array.isArray(body) ? Buffer.concat(body) : Buffer.from(body as Buffer);
    polled.answer = { status, body: JSON.parse(String(bytes)) };
  });
  return polled;
}

async function put(server: Harness, text: string, ExplicitHashKey = '0'): Promise<void> {
  const Data = Buffer.from(text).toString('base64');
  await server.call('PutRecord', { StreamName: 'orders', PartitionKey: 'k', ExplicitHashKey, Data });
}

const textsOf = ({ body }: Answered) => body.Records.map(({ Data }) => String(Buffer.from(Data, 'base64')));

test('a GetRecords that waits answers when a record comes, and not for one of another shard', async () => {
  await using server = await started();
  const polled = poll(server, await iterator(server));
  await put(server, 'elsewhere', String(2n ** 127n));
  await server.clock.advance(5_000);
  assert.equal(String(polled.answer), 'undefined');
  await put(server, 'awaited');
  await server.clock.advance(0);
  assert.deepEqual(polled.answer && textsOf(polled.answer), ['awaited']);
});

test('what is there is answered at once', async () => {
  await using server = await started();
  const from = await iterator(server);
  await put(server, 'there');
  const polled = poll(server, from);
  await server.clock.advance(0);
  assert.deepEqual(polled.answer && textsOf(polled.answer), ['there']);
});

test('when its time is over it answers without records, with an iterator that is of then', async () => {
  await using server = await started({ iteratorLifetime: 10 });
  const polled = poll(server, await iterator(server), '15');
  await server.clock.advance(14_999);
  assert.equal(String(polled.answer), 'undefined');
  await server.clock.advance(1);
  assert.deepEqual(polled.answer?.body.Records, []);
  await put(server, 'later');
  const next = poll(server, String(polled.answer?.body.NextShardIterator), '0');
  await server.clock.advance(0);
  assert.deepEqual(next.answer && textsOf(next.answer), ['later']);
});

test('a wait counts as one of the five reads a second, however often it looks', async () => {
  await using server = await started({ limits: 'aws' });
  const from = await iterator(server);
  const polls = [1, 2, 3, 4, 5, 6].map(() => poll(server, from));
  await server.settled();
  const refused = polls.map(({ answer }) => answer?.body.__type);
  assert.deepEqual(refused, [...Array(5).fill(undefined), 'ProvisionedThroughputExceededException']);
  await put(server, 'for all');
  await server.clock.advance(0);
  assert.deepEqual(
    polls.slice(0, 5).map(({ answer }) => answer && textsOf(answer)),
    Array(5).fill(['for all']),
  );
  await server.clock.advance(200);
  assert.equal(poll(server, from).answer, undefined);
});

test('a shard that is split while a call waits is said to have ended, with its children', async () => {
  await using server = await started();
  const polled = poll(server, await iterator(server));
  const NewStartingHashKey = String(2n ** 126n);
  await server.call('SplitShard', {
    StreamName: 'orders',
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey,
  });
  await server.clock.advance(1_000);
  assert.deepEqual(Object.keys(polled.answer?.body ?? {}).sort(), [
    'ChildShards',
    'MillisBehindLatest',
    'Records',
  ]);
});

test('a call whose client has gone waits no longer', async () => {
  await using server = await started();
  const gone = new AbortController();
  // From the first call on, the end of the minute is waited for: then it is counted.
  await server.call('GetRecords', { ShardIterator: await iterator(server) });
  const polled = poll(server, await iterator(server), '20', gone);
  await server.settled();
  gone.abort();
  await server.settled();
  assert.equal(polled.answer?.status, 200);
});

test('a server that ends has calls that wait answered', async () => {
  const server = await started();
  const polled = poll(server, await iterator(server));
  await server.settled();
  await server[Symbol.asyncDispose]();
  assert.deepEqual(polled.answer?.body.Records, []);
});

test('a stream that is deleted while a call waits is not found', async () => {
  await using server = await started();
  const polled = poll(server, await iterator(server));
  await server.settled();
  await server.call('DeleteStream', { StreamName: 'orders' });
  await server.clock.advance(20_000);
  assert.equal(polled.answer?.body.__type, 'ResourceNotFoundException');
});

for (const wait of ['21', '-1', 'soon', '']) {
  test(`x-millrace-wait of "${wait}" is refused`, async () => {
    await using server = await started();
    const polled = poll(server, await iterator(server), wait);
    await server.settled();
    assert.equal(polled.answer?.body.__type, 'InvalidArgumentException');
    assert.equal(polled.answer?.body.message, 'x-millrace-wait is a number of seconds from 0 to 20.');
  });
}

test('an iterator is good for as long as the server says', async () => {
  for (const [iteratorLifetime, goodFor] of [
    [300, 300_000],
    [1, 1_000],
    ['none', 90 * 86_400_000],
  ] as const) {
    await using server = await started({ iteratorLifetime });
    const from = await iterator(server);
    server.clock.jump(goodFor);
    assert.equal((await server.answer('GetRecords', { ShardIterator: from })).status, 200);
    if (iteratorLifetime === 'none') continue;
    server.clock.jump(1);
    const { status, body } = await server.answer('GetRecords', { ShardIterator: from });
    assert.equal(status, 400);
    assert.match(
      JSON.stringify(body),
      new RegExp(`ExpiredIteratorException.*tolerated delay of ${goodFor} milliseconds`),
    );
  }
});

test('a subscription ends when the server says, or never', async () => {
  for (const [subscriptionLifetime, life] of [
    [300, 300_000],
    [7, 7_000],
    ['none', 0],
  ] as const) {
    await using server = await started({ subscriptionLifetime });
    const { StreamDescriptionSummary } = await server.call<{
      StreamDescriptionSummary: { StreamARN: string };
    }>('DescribeStreamSummary', { StreamName: 'orders' });
    const { StreamARN } = StreamDescriptionSummary;
    const { Consumer } = await server.call<{ Consumer: { ConsumerARN: string } }>('RegisterStreamConsumer', {
      ...{ StreamARN, ConsumerName: 'billing' },
    });
    await server.clock.advance(100);
    const subscriber = await server.subscribe({
      ...{ ConsumerARN: Consumer.ConsumerARN, ShardId: 'shardId-000000000000' },
      StartingPosition: { Type: 'LATEST' },
    });
    await server.clock.advance(life === 0 ? 600_000 : life - 1);
    assert.equal(subscriber.ended, false);
    if (life > 0) await server.clock.advance(1);
    assert.equal(subscriber.ended, life > 0);
    await subscriber.leave();
  }
});
