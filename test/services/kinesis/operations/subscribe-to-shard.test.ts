import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sleepersOnKafka } from '../engine-under-test.ts';
import { Harness } from '../harness.ts';
import { type RecordsEvent, type Subscriber, textsOf } from '../subscriber.ts';

const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';

/** A server with a stream of one shard and consumers that are ACTIVE. */
async function start(...consumers: string[]): Promise<Harness> {
  const server = await Harness.start({ limits: 'none' });
  await server.createStream('s');
  for (const ConsumerName of consumers) {
    await server.call('RegisterStreamConsumer', { StreamARN: streamArn, ConsumerName });
  }
  await server.clock.advance(100);
  return server;
}

async function arnOf(server: Harness, ConsumerName: string): Promise<string> {
  const { ConsumerDescription } = await server.call<{ ConsumerDescription: { ConsumerARN: string } }>(
    'DescribeStreamConsumer',
    { StreamARN: streamArn, ConsumerName },
  );
  return ConsumerDescription.ConsumerARN;
}

async function subscribe(
  server: Harness,
  consumer = 'c',
  StartingPosition: object = { Type: 'TRIM_HORIZON' },
  ShardId = '0',
): Promise<Subscriber> {
  const ConsumerARN = await arnOf(server, consumer);
  return await server.subscribe({ ConsumerARN, ShardId, StartingPosition });
}

async function put(server: Harness, ...texts: string[]): Promise<void> {
  const Records = texts.map((text) => ({ Data: Buffer.from(text).toString('base64'), PartitionKey: 'k' }));
  await server.call('PutRecords', { StreamName: 's', Records });
}

test('the answer begins before there is any record, and records come without the clock moving', async () => {
  await using server = await start('c');
  const subscriber = await subscribe(server);
  const [begin, ...more] = await subscriber.messages();
  assert.equal(begin?.headers[':event-type'], 'initial-response');
  assert.deepEqual(more, []);
  await put(server, 'a', 'b');
  assert.deepEqual(await subscriber.texts(), ['a', 'b']);
  await put(server, 'c');
  assert.deepEqual(await subscriber.texts(), ['c']);
});

test('only at the tip is a consumer 0 ms behind', async () => {
  await using server = await start('c');
  for (const text of ['x', 'y', 'z']) await put(server, text.repeat(700_000));
  await server.clock.advance(60_000);
  const events = await (await subscribe(server)).events();
  assert.deepEqual(
    events.map(({ MillisBehindLatest }) => MillisBehindLatest),
    [60_000, 60_000, 0],
  );
});

test('twenty consumers of a shard get the very same frames', async () => {
  const names = Array.from({ length: 20 }, (_, nth) => `c${nth}`);
  await using server = await start(...names);
  const subscribers = await Promise.all(names.map((name) => subscribe(server, name)));
  await server.settled();
  for (const text of ['a', 'b', 'c']) {
    await put(server, text);
    await server.settled();
  }
  const [first, ...others] = subscribers.map(({ frames }) => frames.slice(1));
  assert.equal(first?.length, 3);
  for (const other of others) {
    assert.equal(other.length, 3);
    // The same objects, not copies.
    assert.ok(other.every((frame, nth) => frame === first[nth]));
  }
});

test('a consumer that continues where it stopped loses and repeats nothing', async () => {
  const round = fc.record({
    sizes: fc.array(fc.constantFrom(0, 0, 0, 400_000), { maxLength: 8 }),
    seconds: fc.integer({ min: 5, max: 400 }),
    kept: fc.double({ min: 0, max: 1, noNaN: true }),
    again: fc.constantFrom('AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 6 }), async (rounds) => {
      await using server = await start('c');
      const written: string[] = [];
      const heard: string[] = [];
      let position: object = { Type: 'TRIM_HORIZON' };
      const hear = (events: readonly RecordsEvent[]) => {
        heard.push(...textsOf(events).map((text) => text.trimEnd()));
        const SequenceNumber = events.at(-1)?.ContinuationSequenceNumber;
        if (SequenceNumber !== undefined) position = { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber };
      };
      for (const { sizes, seconds, kept } of rounds) {
        const subscriber = await subscribe(server, 'c', position);
        for (const size of sizes) {
          const text = String(written.length);
          written.push(text);
          await put(server, text.padEnd(size));
        }
        await server.clock.advance(seconds * 1000);
        const events = await subscriber.events();
        // Whatever came after that is lost, as when a client dies.
        hear(events.slice(0, Math.round(kept * events.length)));
        await subscriber.leave();
      }
      hear(await (await subscribe(server, 'c', position)).events());
      assert.deepEqual(heard, written);
    }),
    { numRuns: 25 },
  );
});

test('the subscription that takes over gets the records, and the one before gets an exception', async () => {
  await using server = await start('c');
  const first = await subscribe(server);
  await server.clock.advance(5000);
  const second = await subscribe(server);
  assert.deepEqual(await first.exception(), {
    type: 'ResourceInUseException',
    message: 'Another active subscription exists for this consumer: 000000000000:s:shardId-000000000000:c',
  });
  assert.equal(first.ended, true);
  await put(server, 'a');
  assert.deepEqual(await second.texts(), ['a']);
});

test('a client that leaves while it waits leaves nothing behind', { skip: sleepersOnKafka }, async () => {
  await using server = await start('c');
  // The end of the minute is waited for, too, whose calls CloudWatch is told of.
  const before = server.clock.sleeping + 1;
  const subscriber = await subscribe(server);
  await subscriber.messages();
  assert.equal(server.clock.sleeping, before + 1);
  await subscriber.leave();
  assert.equal(subscriber.ended, true);
  await server.clock.advance(5000);
  assert.equal(server.clock.sleeping, before);
});

test('with its consumer a subscription goes', async () => {
  await using server = await start('c', 'd');
  const [going, staying] = [await subscribe(server), await subscribe(server, 'd')];
  await going.messages();
  await server.call('DeregisterStreamConsumer', { ConsumerARN: await arnOf(server, 'c') });
  assert.equal((await going.exception())?.type, 'ResourceNotFoundException');
  assert.equal(going.ended, true);
  await put(server, 'a');
  assert.deepEqual(await staying.texts(), ['a']);
});

test('one consumer has one subscription to a shard, however its ARN and the shard are written', async () => {
  await using server = await start('c');
  const ConsumerARN = await arnOf(server, 'c');
  await subscribe(server);
  const again = async (change: object) => {
    const input = { ConsumerARN, ShardId: '0', StartingPosition: { Type: 'LATEST' }, ...change };
    const { status, body } = await server.answer('SubscribeToShard', input);
    assert.equal(status, 400);
    return (body as { __type: string }).__type;
  };
  for (const ShardId of ['0', '000', 'shardId-0', 'shardId-000000000000']) {
    assert.equal(await again({ ShardId }), 'ResourceInUseException', ShardId);
  }
  for (const [from, to] of [
    ['arn:aws:', 'arn:aws-cn:'],
    [':us-east-1:', ':us-west-2:'],
    ['c:1700000000', 'c:01700000000'],
  ] as const) {
    const type = await again({ ConsumerARN: ConsumerARN.replace(from, to) });
    assert.match(type, /^(InvalidArgument|ResourceNotFound)Exception$/, to);
  }
});

test('a new consumer of a new stream is not barred by the one that had its ARN before, in the same second', async () => {
  await using server = await start('c');
  const before = await arnOf(server, 'c');
  await subscribe(server);
  await server.call('DeleteStream', { StreamName: 's', EnforceConsumerDeletion: true });
  await server.clock.advance(100);
  await server.createStream('s');
  await server.call('RegisterStreamConsumer', { StreamARN: streamArn, ConsumerName: 'c' });
  await server.clock.advance(100);
  assert.equal(await arnOf(server, 'c'), before);
  const subscriber = await subscribe(server);
  await put(server, 'a');
  assert.deepEqual(await subscriber.texts(), ['a']);
});

test('with its stream a subscription goes', async () => {
  await using server = await start('c');
  const subscriber = await subscribe(server);
  await subscriber.messages();
  await server.call('DeleteStream', { StreamName: 's', EnforceConsumerDeletion: true });
  assert.equal((await subscriber.exception())?.type, 'ResourceNotFoundException');
  assert.equal(subscriber.ended, true);
});

test('a server that closes ends subscriptions without an exception', async () => {
  const server = await start('c');
  const subscriber = await subscribe(server);
  await server[Symbol.asyncDispose]();
  assert.equal(await subscriber.exception(), undefined);
  assert.equal(subscriber.ended, true);
});

test('records that expire while no client is subscribed are passed over', async () => {
  await using server = await start('c');
  await put(server, 'old');
  const subscriber = await subscribe(server, 'c', { Type: 'LATEST' });
  const { ContinuationSequenceNumber: SequenceNumber } = (await idle(server, subscriber))!;
  await subscriber.leave();
  await server.clock.advance(25 * 3_600_000);
  await put(server, 'new');
  const again = await subscribe(server, 'c', { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber });
  assert.deepEqual(await again.texts(), ['new']);
});

/** The next sign of life. */
async function idle(server: Harness, subscriber: Subscriber): Promise<RecordsEvent | undefined> {
  await server.clock.advance(5000);
  return (await subscriber.events()).at(-1);
}
