import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamKeyOf } from '../../src/catalog/state.ts';
import { type Offset, recordsOf } from '../../src/kinesis/record.ts';
import { DroppedError } from '../../src/log/log.ts';
import { FanOut } from '../../src/stream/fan-out.ts';
import { type EventEncoder, subscription } from '../../src/stream/subscription.ts';
import { sampleStream, sampleTime } from '../kinesis/sample.ts';
import { settled } from '../services/kinesis/manual-clock.ts';
import { World } from './world.ts';

const MiB = 1024 * 1024;

const billing = {
  name: 'billing',
  status: 'ACTIVE',
  createdAt: sampleTime,
  since: sampleTime,
  tags: [],
  policy: null,
} as const;

const wording: EventEncoder = {
  begin: () => Buffer.from('begin'),
  idle: (_shard, at) => Buffer.from(`idle at ${at}`),
  failure: ({ type, message }) => Buffer.from(`${type}: ${message}`),
};

/** A subscription to shard 0, piece by piece as the test takes them. */
async function subscribe(
  world: World,
  { from = 0, limited = false }: { from?: Offset; limited?: boolean } = {},
) {
  const encoded: number[] = [];
  const fanOut = new FanOut((_stream, _shard, { batches }) => {
    const records = batches.flatMap((batch) => [...recordsOf(batch)]);
    encoded.push(records.length);
    return Buffer.from(`${records.length} from ${records[0]?.offset}`);
  });
  const ended = new AbortController();
  const { catalog, clock, log, logger, meter } = world;
  const stream = world.stream!;
  const subject = { stream, shard: stream.shards[0]!, consumer: 'billing', from, requireKeys: () => {} };
  const pieces = subscription(
    { catalog, clock, log, logger, fanOut, meter, limited, subscriptionLifeMs: 300_000 },
    subject,
    wording,
    ended.signal,
  );
  return { pieces, ended, encoded };
}

/** Takes all pieces as they come, into a list. */
function takeAll(pieces: AsyncIterable<Uint8Array>): { heard: string[]; done: Promise<void> } {
  const heard: string[] = [];
  const take = async () => {
    for await (const piece of pieces) heard.push(String(piece));
  };
  return { heard, done: take() };
}

function withConsumer(): Promise<World> {
  return World.with(sampleStream(1, { consumers: [billing] }));
}

test('a consumer that takes nothing costs one event, however much is written', async () => {
  const world = await withConsumer();
  await world.put(0, 'a');
  const { pieces, encoded } = await subscribe(world);
  assert.equal(String((await pieces.next()).value), 'begin');
  assert.deepEqual(encoded, [], 'nothing is made before it is wanted');
  assert.equal(String((await pieces.next()).value), '1 from 0');
  for (let nth = 0; nth < 1000; nth++) await world.put(0, 'x');
  await world.clock.advance(60_000);
  assert.deepEqual(encoded, [1]);
  assert.equal(String((await pieces.next()).value), '1000 from 1');
});

test('with limits a consumer gets 2 MiB in a second after the first two', async () => {
  const world = await withConsumer();
  for (let nth = 0; nth < 20; nth++) await world.put(0, 'x'.repeat(MiB));
  const { pieces, ended } = await subscribe(world, { limited: true });
  const { heard, done } = takeAll(pieces);
  await world.clock.advance(0);
  const atOnce = heard.length - 1;
  assert.ok(atOnce >= 2 && atOnce <= 3, `${atOnce} MiB at once`);
  for (const seconds of [1, 2, 3]) {
    await world.clock.advance(1000);
    assert.equal(heard.length - 1, atOnce + 2 * seconds);
  }
  ended.abort();
  await done;
});

test('without limits it gets as much as it takes', async () => {
  const world = await withConsumer();
  for (let nth = 0; nth < 20; nth++) await world.put(0, 'x'.repeat(MiB));
  const { pieces, ended } = await subscribe(world);
  const { heard, done } = takeAll(pieces);
  for (let nth = 0; nth < 100 && heard.length < 21; nth++) await settled();
  assert.equal(heard.length, 21);
  ended.abort();
  await done;
});

test('one that is left while it waits lets go of everything', async () => {
  const world = await withConsumer();
  const { pieces, ended } = await subscribe(world);
  await pieces.next();
  const waiting = pieces.next();
  await settled();
  assert.equal(world.clock.sleeping, 1);
  ended.abort();
  assert.deepEqual(await waiting, { done: true, value: undefined });
  assert.equal(world.clock.sleeping, 0);
});

test('a consumer that was told nothing for five minutes is told that it is idle every five seconds, and then it ends', async () => {
  const world = await withConsumer();
  const { heard, done } = takeAll((await subscribe(world)).pieces);
  await settled();
  for (let seconds = 0; seconds < 300; seconds += 5) {
    assert.equal(heard.length, 1 + seconds / 5);
    await world.clock.advance(4999);
    assert.equal(heard.length, 1 + seconds / 5);
    await world.clock.advance(1);
  }
  await done;
  assert.equal(heard.length, 60, 'the begin, and one in each of the 59 pauses');
  assert.equal(world.clock.sleeping, 0);
});

test('a record puts the next sign of life off for five seconds', async () => {
  const world = await withConsumer();
  const { pieces, ended } = await subscribe(world);
  const { heard, done } = takeAll(pieces);
  await world.clock.advance(3000);
  await world.put(0, 'a');
  await world.clock.advance(4999);
  assert.deepEqual(heard, ['begin', '1 from 0']);
  await world.clock.advance(1);
  assert.deepEqual(heard, ['begin', '1 from 0', 'idle at 1']);
  ended.abort();
  await done;
});

test('records that expired before they could be told are no sign of life', async () => {
  const world = await withConsumer();
  const { promise: late, resolve: hear } = Promise.withResolvers<void>();
  const grown = world.log.grown.bind(world.log);
  world.log.grown = (...asked) => late.then(() => grown(...asked));
  const { pieces, ended } = await subscribe(world);
  const { heard, done } = takeAll(pieces);
  await world.clock.advance(3000);
  await world.put(0, 'a');
  world.clock.jump(25 * 3_600_000);
  hear();
  await world.clock.advance(1999);
  assert.deepEqual(heard, ['begin']);
  await world.clock.advance(1);
  assert.deepEqual(heard, ['begin', 'idle at 1']);
  ended.abort();
  await done;
});

test('a change of the stream that is none of its business does not disturb it', async () => {
  const world = await withConsumer();
  const { pieces, ended } = await subscribe(world);
  const { heard, done } = takeAll(pieces);
  await settled();
  const key = streamKeyOf(sampleStream(1));
  await world.catalog.commit(() => [{ kind: 'settings-changed', key, settings: { retentionHours: 48 } }]);
  await settled();
  await world.put(0, 'a');
  await settled();
  assert.deepEqual(heard, ['begin', '1 from 0']);
  ended.abort();
  await done;
});

test('records that are gone before the catalog says so end it as their stream does', async () => {
  const world = await withConsumer();
  await world.put(0, 'a');
  world.log.read = () => Promise.reject(new DroppedError('The stream was deleted.'));
  const { heard, done } = takeAll((await subscribe(world)).pieces);
  await done;
  assert.match(heard.at(-1)!, /^ResourceNotFoundException: Consumer billing of stream .* not found\.$/);
});

test('a failure of the log is told in the stream, and logged', async () => {
  const world = await withConsumer();
  await world.put(0, 'a');
  world.log.read = () => Promise.reject(new Error('the disk is away'));
  const { heard, done } = takeAll((await subscribe(world)).pieces);
  await done;
  assert.deepEqual(heard, ['begin', 'InternalFailureException: ']);
});
