import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { settled } from '../services/kinesis/manual-clock.ts';
import { type Subscriber, textsOf } from '../services/kinesis/subscriber.ts';
import { OwnerWithWorkers, type TestWorker } from './owner-with-workers.ts';

// Subscriptions in workers: they read and encode where their client is, and the owner knows which consumers
// are subscribed.

type World = {
  readonly server: OwnerWithWorkers;
  readonly one: TestWorker;
  readonly other: TestWorker;
  readonly ConsumerARN: string;
  /** What ends the subscriptions that the owner knows of, in the order of their begin. */
  readonly begun: readonly AbortSignal[];
};

/** Two workers, and a stream of one shard with a consumer that is ACTIVE. */
async function start(t: TestContext): Promise<World> {
  const server = await OwnerWithWorkers.of(2);
  t.after(() => server[Symbol.asyncDispose]());
  const [one, other] = server.workers as [TestWorker, TestWorker];
  await one.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  await one.active('s');
  const begun: AbortSignal[] = [];
  const begin = server.subscriptions.begin.bind(server.subscriptions);
  t.mock.method(server.subscriptions, 'begin', (...consumer: Parameters<typeof begin>) => {
    const end = begin(...consumer);
    begun.push(end.signal);
    return end;
  });
  return { server, one, other, ConsumerARN: await register(one, 'c'), begun };
}

/** Answers the ARN of a consumer that is ACTIVE. */
async function register(worker: TestWorker, ConsumerName: string): Promise<string> {
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
  const { Consumer } = await worker.call<{ Consumer: { ConsumerARN: string } }>('RegisterStreamConsumer', {
    StreamARN,
    ConsumerName,
  });
  const { ConsumerARN } = Consumer;
  type Described = { ConsumerDescription: { ConsumerStatus: string } };
  await eventually(async () => {
    const { ConsumerDescription } = await worker.call<Described>('DescribeStreamConsumer', { ConsumerARN });
    return ConsumerDescription.ConsumerStatus === 'ACTIVE';
  });
  return ConsumerARN;
}

/** A request for everything in the shard, and what comes to it. */
function asking(ConsumerARN: string): object {
  return { ConsumerARN, ShardId: '0', StartingPosition: { Type: 'TRIM_HORIZON' } };
}

async function put(worker: TestWorker, text: string): Promise<void> {
  const Data = Buffer.from(text).toString('base64');
  await worker.call('PutRecord', { StreamName: 's', PartitionKey: 'k', Data });
}

/** Until it holds: everything is in this thread, where a question and its answer take a few turns. */
async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    if (await holds()) return;
    await settled();
  }
  assert.fail('it never came to that');
}

/** Until nothing is on its way between threads. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await settled();
}

/** What came once so much came. */
async function take<Item>(count: number, next: () => Promise<readonly Item[]>): Promise<Item[]> {
  const taken: Item[] = [];
  await eventually(async () => {
    taken.push(...(await next()));
    return taken.length >= count;
  });
  return taken;
}

async function exceptionOf(subscriber: Subscriber) {
  let exception: Awaited<ReturnType<Subscriber['exception']>>;
  await eventually(async () => {
    exception ??= await subscriber.exception();
    return subscriber.ended;
  });
  return exception;
}

test('a consumer at one worker gets what was put at another', async (t) => {
  const { one, other, ConsumerARN } = await start(t);
  const subscriber = await one.subscribe(asking(ConsumerARN));
  for (const text of ['a', 'b', 'c']) await put(other, text);
  assert.deepEqual(await take(3, () => subscriber.texts()), ['a', 'b', 'c']);
});

test('all consumers at a worker get the very same events, read once', async (t) => {
  const { one, other, ConsumerARN } = await start(t);
  const arns = [ConsumerARN, await register(one, 'd'), await register(one, 'e')];
  const subscribers = await Promise.all(arns.map((arn) => one.subscribe(asking(arn))));
  await quiet();
  const ask = t.mock.method(one.parts.owner, 'ask');
  await put(other, 'a');
  for (const subscriber of subscribers) assert.deepEqual(await take(1, () => subscriber.texts()), ['a']);
  const reads = ask.mock.calls.filter(({ arguments: [subject] }) => subject === 'read');
  assert.equal(reads.length, 1);
  const frames = subscribers.map((subscriber) => subscriber.frames.at(-1));
  // The same object, not copies.
  assert.ok(frames.every((frame) => frame === frames[0]));
});

test('a subscription at one worker bars its consumer at the others for five seconds', async (t) => {
  const { server, one, other, ConsumerARN } = await start(t);
  await one.subscribe(asking(ConsumerARN));
  await server.clock.advance(4_999);
  const { status, body } = await other.answer('SubscribeToShard', asking(ConsumerARN));
  assert.equal(status, 400);
  assert.deepEqual(body, {
    __type: 'ResourceInUseException',
    message: 'Another active subscription exists for this consumer: 000000000000:s:shardId-000000000000:c',
  });
});

test('a subscription that takes over at another worker gets the records, and the one before hears why', async (t) => {
  const { server, one, other, ConsumerARN } = await start(t);
  const first = await one.subscribe(asking(ConsumerARN));
  await server.clock.advance(5_000);
  const second = await other.subscribe(asking(ConsumerARN));
  assert.deepEqual(await exceptionOf(first), {
    type: 'ResourceInUseException',
    message: 'Another active subscription exists for this consumer: 000000000000:s:shardId-000000000000:c',
  });
  await put(one, 'a');
  assert.deepEqual(await take(1, () => second.texts()), ['a']);
});

test('the owner hears that a client has left its worker', async (t) => {
  const { one, ConsumerARN, begun } = await start(t);
  const subscriber = await one.subscribe(asking(ConsumerARN));
  await quiet();
  assert.deepEqual(
    begun.map(({ aborted }) => aborted),
    [false],
  );
  await subscriber.leave();
  await eventually(() => begun[0]!.aborted);
});

test('the subscriptions of a worker end with it, also one of which it has not heard yet', async (t) => {
  const { one, ConsumerARN, begun } = await start(t);
  await one.subscribe(asking(ConsumerARN));
  await quiet();
  // It is never answered.
  void one.parts.owner.ask('subscribe', { consumer: 'another', named: 'another' });
  await eventually(() => begun.length === 2);
  one.parts.owner.close();
  await eventually(() => begun.every(({ aborted }) => aborted));
});

test('an owner that closes ends subscriptions at workers without an exception', async (t) => {
  const { server, one, ConsumerARN } = await start(t);
  const subscriber = await one.subscribe(asking(ConsumerARN));
  server.subscriptions.close();
  assert.equal(await exceptionOf(subscriber), undefined);
  const late = await one.subscribe(asking(await register(one, 'd')));
  assert.equal(await exceptionOf(late), undefined);
});

test('a dry run at a worker begins no subscription', async (t) => {
  const { one, ConsumerARN, begun } = await start(t);
  const { status, body } = await one.answer('SubscribeToShard', { ...asking(ConsumerARN), DryRun: true });
  assert.equal(status, 400);
  assert.equal((body as { __type: string }).__type, 'DryRunOperationException');
  assert.deepEqual(begun, []);
});

test('at a worker an idle subscription says so every five seconds, and ends after five minutes', async (t) => {
  const { server, one, ConsumerARN, begun } = await start(t);
  const subscriber = await one.subscribe(asking(ConsumerARN));
  await quiet();
  await server.clock.advance(4_999);
  await quiet();
  assert.deepEqual(await subscriber.events(), []);
  await server.clock.advance(1);
  assert.deepEqual((await take(1, () => subscriber.events()))[0]!.Records, []);
  for (let seconds = 5; seconds < 295; seconds += 5) {
    await server.clock.advance(5_000);
    await take(1, () => subscriber.events());
  }
  assert.equal(subscriber.ended, false);
  await server.clock.advance(5_000);
  assert.equal(await exceptionOf(subscriber), undefined);
  await eventually(() => begun[0]!.aborted);
});

test('at a worker the end of a shard comes alone, and the answer ends a second later', async (t) => {
  const { server, one, other, ConsumerARN } = await start(t);
  const subscriber = await one.subscribe(asking(ConsumerARN));
  await put(other, 'a');
  await other.call('SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '10' });
  const events = await take(2, () => subscriber.events());
  assert.deepEqual(textsOf(events), ['a']);
  const end = events.at(-1)!;
  assert.deepEqual(
    [end.Records.length, end.ContinuationSequenceNumber, end.ChildShards?.length],
    [0, undefined, 2],
  );
  await server.clock.advance(999);
  await quiet();
  assert.equal(subscriber.ended, false);
  await server.clock.advance(1);
  assert.equal(await exceptionOf(subscriber), undefined);
});

for (const [what, operation] of [
  ['stream', 'DeleteStream'],
  ['consumer', 'DeregisterStreamConsumer'],
] as const) {
  test(`with its ${what} a subscription at a worker goes`, async (t) => {
    const { one, other, ConsumerARN, begun } = await start(t);
    const subscriber = await one.subscribe(asking(ConsumerARN));
    await quiet();
    const input = what === 'stream' ? { StreamName: 's', EnforceConsumerDeletion: true } : { ConsumerARN };
    await other.call(operation, input);
    assert.deepEqual(await exceptionOf(subscriber), {
      type: 'ResourceNotFoundException',
      message: 'Consumer c of stream s under account 000000000000 not found.',
    });
    await eventually(() => begun[0]!.aborted);
  });
}
