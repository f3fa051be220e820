import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleepersOnKafka } from './engine-under-test.ts';
import { Harness } from './harness.ts';
import { type RecordsEvent, type Subscriber, textsOf } from './subscriber.ts';

// The end of a shard comes alone: there are clients that look for it first, and drop the records beside it.
// And an answer of SubscribeToShard outlasts it by a second: there are clients that drop what they have not
// taken when the answer ends.

const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';

/** A server with a stream of one shard, and a consumer that is ACTIVE. */
async function start(): Promise<Harness> {
  const server = await Harness.start({ limits: 'none' });
  await server.createStream('s');
  await server.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'c' });
  await server.clock.advance(100);
  return server;
}

async function put(server: Harness, ...texts: string[]): Promise<void> {
  const Records = texts.map((text) => ({ Data: Buffer.from(text).toString('base64'), PartitionKey: 'k' }));
  await server.call('PutRecords', { StreamName: 's', Records });
}

/** From the first call on, the end of the minute is waited for whose calls CloudWatch is told of. */
const theMinute = 1;

/** Closes the stream's shard. */
async function split(server: Harness): Promise<void> {
  await server.call('SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '10' });
  await server.clock.advance(100);
}

async function consumerArn(server: Harness): Promise<string> {
  type Listed = { Consumers: { ConsumerARN: string }[] };
  const { Consumers } = await server.call<Listed>('ListStreamConsumers', { StreamARN });
  return Consumers[0]!.ConsumerARN;
}

async function subscribe(server: Harness, position: object = { Type: 'TRIM_HORIZON' }): Promise<Subscriber> {
  const ConsumerARN = await consumerArn(server);
  return await server.subscribe({ ConsumerARN, ShardId: '0', StartingPosition: position });
}

type Page = Omit<RecordsEvent, 'ContinuationSequenceNumber'> & { readonly NextShardIterator?: string };

async function iteratorAt(server: Harness, position: object): Promise<string> {
  const input = { StreamName: 's', ShardId: '0', ...position };
  const { ShardIterator } = await server.call<{ ShardIterator: string }>('GetShardIterator', input);
  return ShardIterator;
}

function read(server: Harness, ShardIterator: string, Limit?: number): Promise<Page> {
  return server.call('GetRecords', { ShardIterator, Limit });
}

type Told = {
  readonly texts: string[];
  readonly behind: number;
  readonly goesOn: boolean;
  readonly children?: number[];
};

/** What a page or an event says. */
function told(answer: Page | RecordsEvent): Told {
  const children = answer.ChildShards?.map(({ ShardId }) => Number(ShardId.slice(-12)));
  return {
    texts: textsOf([answer]),
    behind: answer.MillisBehindLatest,
    goesOn: 'NextShardIterator' in answer || 'ContinuationSequenceNumber' in answer,
    ...(children && { children }),
  };
}

const theEnd: Told = { texts: [], behind: 0, goesOn: false, children: [1, 2] };

test('GetRecords says the end of a shard on a page of its own, whatever size the others have', async () => {
  await using server = await start();
  await put(server, 'a', 'b', 'c', 'd');
  await split(server);
  for (const limit of [undefined, 4, 3, 2, 1]) {
    const pages: Told[] = [];
    let iterator: string | undefined = await iteratorAt(server, { ShardIteratorType: 'TRIM_HORIZON' });
    while (iterator !== undefined) {
      const page = await read(server, iterator, limit);
      pages.push(told(page));
      iterator = page.NextShardIterator;
    }
    assert.deepEqual(pages.pop(), theEnd);
    assert.deepEqual(
      pages.flatMap(({ texts }) => texts),
      ['a', 'b', 'c', 'd'],
    );
    assert.ok(pages.every(({ goesOn, children }) => goesOn && children === undefined));
    assert.deepEqual(
      pages.map(({ behind }) => behind === 0),
      pages.map((_, nth) => nth === pages.length - 1),
      'the page of the last record is at the tip',
    );
  }
});

test('every way to begin at the end of a closed shard meets the end at once', async () => {
  await using server = await start();
  await put(server, 'a', 'b');
  const early = await iteratorAt(server, { ShardIteratorType: 'LATEST' });
  const { Records } = await read(server, await iteratorAt(server, { ShardIteratorType: 'TRIM_HORIZON' }));
  await server.clock.advance(1000);
  const Timestamp = server.clock.now() / 1000;
  await split(server);
  const StartingSequenceNumber = Records[1]!.SequenceNumber;
  const ends = [
    early,
    await iteratorAt(server, { ShardIteratorType: 'LATEST' }),
    await iteratorAt(server, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber }),
    await iteratorAt(server, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp }),
  ];
  for (const iterator of ends) {
    assert.deepEqual(told(await read(server, iterator)), theEnd);
    assert.deepEqual(told(await read(server, iterator, 1)), theEnd, 'as often as it is asked');
  }
  const last = await iteratorAt(server, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber });
  const page = await read(server, last);
  assert.deepEqual(told(page), { texts: ['b'], behind: 0, goesOn: true });
  assert.deepEqual(told(await read(server, page.NextShardIterator!)), theEnd);
});

test('a closed shard that never had a record is at its end from the start', async () => {
  await using server = await start();
  await split(server);
  const iterator = await iteratorAt(server, { ShardIteratorType: 'TRIM_HORIZON' });
  assert.deepEqual(told(await read(server, iterator)), theEnd);
  assert.deepEqual((await (await subscribe(server)).events()).map(told), [theEnd]);
});

test('a closed shard that outlives its records is at its end, also for a reader of none of them', async () => {
  await using server = await start();
  await put(server, 'a');
  const ten = 10 * 3_600_000;
  await server.clock.advance(ten);
  await split(server);
  await server.clock.advance(ten + ten / 2);
  const iterator = await iteratorAt(server, { ShardIteratorType: 'TRIM_HORIZON' });
  assert.deepEqual(told(await read(server, iterator)), theEnd);
  assert.deepEqual((await (await subscribe(server)).events()).map(told), [theEnd]);
});

test('a subscription gets the last records with a number to continue with, then the end alone, and ends a second later', async () => {
  await using server = await start();
  const subscriber = await subscribe(server);
  await put(server, 'a');
  await server.call('SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '10' });
  await put(server, 'b');
  await server.clock.advance(100);
  const events = (await subscriber.events()).map(told);
  assert.deepEqual(events.pop(), theEnd);
  assert.deepEqual(
    events.flatMap(({ texts }) => texts),
    ['a', 'b'],
  );
  assert.ok(events.every(({ goesOn, children }) => goesOn && children === undefined));
  await server.clock.advance(999);
  assert.equal(subscriber.ended, false);
  await server.clock.advance(1);
  assert.deepEqual(await subscriber.messages(), []);
  assert.equal(subscriber.ended, true);
});

test('a subscription that continues after the last record of a closed shard gets the end', async () => {
  await using server = await start();
  await put(server, 'a', 'b');
  await split(server);
  const first = await subscribe(server);
  const [records] = await first.events();
  assert.deepEqual(told(records!), { texts: ['a', 'b'], behind: 0, goesOn: true });
  await first.leave();
  await server.clock.advance(5000);
  const SequenceNumber = records!.ContinuationSequenceNumber;
  const second = await subscribe(server, { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber });
  assert.deepEqual((await second.events()).map(told), [theEnd]);
});

test('the shards of a merge both name their child', async () => {
  await using server = await Harness.start({ limits: 'none' });
  await server.createStream('s', 2);
  await server.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'c' });
  await server.clock.advance(100);
  const ConsumerARN = await consumerArn(server);
  const StartingPosition = { Type: 'TRIM_HORIZON' };
  const both = [
    await server.subscribe({ ConsumerARN, ShardId: '0', StartingPosition }),
    await server.subscribe({ ConsumerARN, ShardId: '1', StartingPosition }),
  ];
  await server.call('MergeShards', { StreamName: 's', ShardToMerge: '0', AdjacentShardToMerge: '1' });
  await server.clock.advance(100);
  for (const subscriber of both) {
    const [event] = await subscriber.events();
    assert.deepEqual(event?.ChildShards?.[0]?.ParentShards, ['shardId-000000000000', 'shardId-000000000001']);
  }
});

/** A subscription that has said the end of its shard, and has its second before it. */
async function atTheEnd(server: Harness): Promise<Subscriber> {
  await split(server);
  const subscriber = await subscribe(server, { Type: 'LATEST' });
  assert.deepEqual((await subscriber.events()).map(told), [theEnd]);
  assert.equal(subscriber.ended, false);
  return subscriber;
}

test('a client that leaves after the end of a shard leaves nothing behind', {
  skip: sleepersOnKafka,
}, async () => {
  await using server = await start();
  const before = server.clock.sleeping + theMinute;
  const subscriber = await atTheEnd(server);
  await subscriber.leave();
  assert.equal(subscriber.ended, true);
  await server.clock.advance(5000);
  assert.equal(server.clock.sleeping, before);
});

test('a server that closes does not wait for the second after the end of a shard', async () => {
  const server = await start();
  const subscriber = await atTheEnd(server);
  await server[Symbol.asyncDispose]();
  assert.deepEqual(await subscriber.messages(), []);
  assert.equal(subscriber.ended, true);
});

for (const what of ['stream', 'consumer'] as const) {
  test(`after the end of a shard an answer ends with its ${what}, and nothing more is said`, async () => {
    await using server = await start();
    const subscriber = await atTheEnd(server);
    if (what === 'stream') {
      await server.call('DeleteStream', { StreamName: 's', EnforceConsumerDeletion: true });
    } else {
      await server.call('DeregisterStreamConsumer', { ConsumerARN: await consumerArn(server) });
    }
    assert.deepEqual(await subscriber.messages(), []);
    assert.equal(subscriber.ended, true);
  });
}

test('a consumer that subscribes anew in the second after the end of a shard takes over as ever, and its first subscription gets no exception', async () => {
  await using server = await start();
  const first = await subscribe(server);
  await server.clock.advance(5000);
  await split(server);
  assert.deepEqual((await first.events()).map(told).at(-1), theEnd);
  assert.equal(first.ended, false);
  const second = await subscribe(server);
  assert.deepEqual((await second.events()).map(told), [theEnd]);
  assert.deepEqual(await first.messages(), []);
  assert.equal(first.ended, true);
  await assert.rejects(subscribe(server), /ResourceInUseException/, 'not within five seconds');
});

test('an end for which five minutes leave no second is said by the next subscription', async () => {
  await using server = await start();
  await put(server, 'a');
  const first = await subscribe(server);
  await server.clock.advance(299_500);
  const { ContinuationSequenceNumber: SequenceNumber } = (await first.events()).at(-1)!;
  await split(server);
  assert.deepEqual(await first.messages(), []);
  assert.equal(first.ended, true);
  const second = await subscribe(server, { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber });
  assert.deepEqual((await second.events()).map(told), [theEnd]);
  await server.clock.advance(999);
  assert.equal(second.ended, false);
  await server.clock.advance(1);
  assert.equal(second.ended, true);
});
