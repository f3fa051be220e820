import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../harness/one-shard.ts';
import { streamKeyOf } from '../../src/catalog/state.ts';
import type { Millis } from '../../src/env/clock.ts';
import { hashKeyMax, hashKeyWords, writeHashKey } from '../../src/kinesis/hash-key.ts';
import {
  type NewRecords,
  type Offset,
  sizeOf,
  recordsOf as storedRecords,
  writeRecord,
} from '../../src/kinesis/record.ts';
import type { Stream, StreamChange } from '../../src/kinesis/stream.ts';
import { DroppedError, UnavailableError } from '../../src/log/log.ts';
import { lifecycleTick } from '../../src/stream/lifecycle.ts';
import { Load } from '../../src/stream/load.ts';
import { type PutWorld, putRecords, servingStream } from '../../src/stream/put.ts';
import { type Outcome, RoutedPut } from '../../src/stream/routed-put.ts';
import { awsThrottle, noThrottle } from '../../src/stream/throttle.ts';
import { sampleStream, sampleTime } from '../kinesis/sample.ts';
import { alteredEngine } from '../log/altered-engine.ts';
import { settled } from '../services/kinesis/manual-clock.ts';
import { World } from './world.ts';

const stream = sampleStream(2);
const key = streamKeyOf(stream);
const low = 0n;
const high = hashKeyMax;
const delay: Millis = 0;

type Put = { readonly hashKey: bigint; readonly text: string };

function put(hashKey: bigint, text: string): Put {
  return { hashKey, text };
}

function recordsOf(puts: readonly Put[]): NewRecords {
  const hashKeys = new Uint32Array(puts.length * hashKeyWords);
  puts.forEach(({ hashKey }, index) => {
    writeHashKey(hashKeys, index * hashKeyWords, hashKey);
  });
  const records = puts.map(({ text }) => ({ partitionKey: 'k', data: Buffer.from(text) }));
  return {
    count: puts.length,
    hashKeys,
    sizeOf: (index) => sizeOf(records[index]!),
    keyOf: (index) => records[index]!.partitionKey,
    encode(index, bytes, at) {
      writeRecord(bytes, at, records[index]!);
      return true;
    },
  };
}

/** Puts records, and answers what became of each, in order. */
async function putAll(
  world: World,
  puts: readonly Put[],
  overrides: Partial<PutWorld> = {},
): Promise<PutResult[]> {
  const serving = servingStream(world.catalog, stream);
  const packed = RoutedPut.of(serving, recordsOf(puts))!;
  await putRecords({ ...worldOf(world), throttle: noThrottle, ...overrides }, serving, packed);
  const offsets = packed.parts.map(({ outcome }) => (outcome.kind === 'stored' ? outcome.first : 0));
  return puts.map((_, index) => {
    const part = packed.partOf[index]!;
    const { shard, outcome } = packed.parts[part]!;
    return { shard: shard.index, fate: outcome, offset: offsets[part]!++ };
  });
}

type PutResult = { readonly shard: number; readonly fate: Outcome; readonly offset: Offset };

/** The data of a shard's records. */
async function textsIn(world: World, shard: number): Promise<string[]> {
  const shardLog = new OneShard(world.log, { stream: stream.id, shard });
  const batches = await shardLog.read(0, { records: 1000, bytes: 1e9 });
  return batches.flatMap((batch) => [...storedRecords(batch)].map(({ data }) => String(data)));
}

function worldOf({ catalog, log, clock, meter }: World) {
  return { catalog, log, clock, meter, load: new Load() };
}

async function begin(world: World, change: StreamChange): Promise<void> {
  await world.catalog.commit(() => [{ kind: 'change-begun', key, change }]);
}

function shardsOf(results: readonly PutResult[]): (number | string)[] {
  return results.map(({ fate, shard }) => (fate.kind === 'failed' ? 'failed' : shard));
}

const notFound = {
  name: 'ResourceNotFoundException',
  message: 'Stream orders under account 000000000000 not found.',
};

test('each record goes to the shard of its hash key, and the answers keep the order of the request', async () => {
  const world = await World.with(stream);
  const results = await putAll(world, [put(high, 'a'), put(low, 'b'), put(high, 'c')]);
  assert.deepEqual(shardsOf(results), [1, 0, 1]);
  assert.deepEqual(await textsIn(world, 1), ['a', 'c']);
  assert.deepEqual(
    results.map(({ offset }) => offset),
    [0, 0, 1],
  );
});

for (const [status, change] of [
  ['CREATING', { kind: 'create', since: sampleTime, shardCount: 2 }],
  ['DELETING', { kind: 'delete', since: sampleTime }],
] as const) {
  test(`a stream that is ${status} is not found`, async () => {
    const world = await World.with({ ...stream, status, change });
    await assert.rejects(putAll(world, [put(low, 'a')]), notFound);
  });
}

test('records for a shard that is sealed wait for its children, and go there', async () => {
  const world = await World.with(stream);
  await begin(world, { kind: 'split', since: sampleTime, shard: 0, at: 100n });
  const parent = new OneShard(world.log, { stream: '1', shard: 0 });
  await parent.seal();
  let answered = false;
  const putting = putAll(world, [put(low, 'a'), put(100n, 'b'), put(high, 'c')]).then((results) => {
    answered = true;
    return results;
  });
  await settled();
  assert.equal(answered, false);
  await lifecycleTick(worldOf(world), delay)();
  assert.deepEqual(shardsOf(await putting), [2, 3, 1]);
  assert.equal(await parent.end(), 0);
});

test('records of two shards that are merged meanwhile keep the order of the request', async () => {
  const world = await World.with(stream);
  await begin(world, { kind: 'merge', since: sampleTime, shards: [0, 1] });
  for (const shard of [0, 1]) await new OneShard(world.log, { stream: stream.id, shard }).seal();
  const putting = putAll(world, [put(high, 'a'), put(low, 'b'), put(high, 'c')]);
  await settled();
  await lifecycleTick(world, delay)();
  const results = await putting;
  assert.deepEqual(shardsOf(results), [2, 2, 2]);
  assert.deepEqual(await textsIn(world, 2), ['a', 'b', 'c']);
  assert.deepEqual(
    results.map(({ offset }) => offset),
    [0, 1, 2],
  );
});

test('records for a shard that is sealed fail when its children are not known after 10 seconds, and no others do', async () => {
  const world = await World.with(stream);
  await new OneShard(world.log, { stream: '1', shard: 0 }).seal();
  const putting = putAll(world, [put(low, 'a'), put(high, 'b')]);
  await world.clock.advance(9_999);
  assert.equal(world.clock.sleeping, 1);
  await world.clock.advance(1);
  assert.deepEqual(shardsOf(await putting), ['failed', 1]);
});

test('a stream that goes away while records wait for its children is not found', async () => {
  const world = await World.with(stream);
  await new OneShard(world.log, { stream: '1', shard: 0 }).seal();
  const refused = assert.rejects(putAll(world, [put(low, 'a')]), notFound);
  await settled();
  await begin(world, { kind: 'delete', since: sampleTime });
  await refused;
});

test('records that were stored before the stream went away are answered as stored', async () => {
  const world = await World.with(stream);
  await new OneShard(world.log, { stream: '1', shard: 0 }).seal();
  const putting = putAll(world, [put(low, 'a'), put(high, 'b')]);
  await settled();
  await begin(world, { kind: 'delete', since: sampleTime });
  assert.deepEqual(shardsOf(await putting), ['failed', 1]);
});

test('a stream whose records are dropped meanwhile is not found', async () => {
  const world = await World.with(stream);
  await world.log.drop('1');
  await assert.rejects(putAll(world, [put(low, 'a')]), notFound);
});

test('records that may be stored are not said to have no stream, whatever became of the others', async () => {
  const world = await World.with(stream);
  const unknown = new UnavailableError('The leader does not answer.');
  const gone = new DroppedError('The stream was deleted.');
  const log = alteredEngine(world.log, {
    append: (key) => Promise.reject(key.shard === 0 ? unknown : gone),
  });
  const results = await putAll(world, [put(low, 'a'), put(high, 'b')], { log });
  assert.deepEqual(
    results.map(({ fate }) => fate),
    [unknown, gone].map((cause) => ({ kind: 'failed', cause })),
  );
  assert.deepEqual(shardsOf(await putAll(world, [put(low, 'a')], { log })), ['failed']);
});

test('a shard that fails, fails its own records only', async () => {
  const world = await World.with(stream);
  const cause = new Error('no space left on device');
  const log = alteredEngine(world.log, {
    append: (key, batch) => (key.shard === 0 ? Promise.reject(cause) : world.log.append(key, batch)),
  });
  const results = await putAll(world, [put(low, 'a'), put(high, 'b'), put(low, 'c')], { log });
  assert.deepEqual(shardsOf(results), ['failed', 1, 'failed']);
  assert.deepEqual(results[0]!.fate, { kind: 'failed', cause });
});

test('records over the limit of their shard are refused, the others are stored', async () => {
  const world = await World.with(stream);
  const text = 'x'.repeat(600_000);
  const throttle = awsThrottle(world.clock);
  const results = await putAll(world, [put(low, text), put(low, text), put(high, text)], { throttle });
  assert.deepEqual(
    results.map(({ fate }) => fate.kind),
    ['stored', 'throttled', 'stored'],
  );
  assert.equal(await world.endOf(0), 1);
});

test('records that move on to the children of their shard count once', async () => {
  const world = await World.with(stream);
  const throttle = awsThrottle(world.clock);
  await begin(world, { kind: 'split', since: sampleTime, shard: 0, at: 100n });
  await new OneShard(world.log, { stream: '1', shard: 0 }).seal();
  const putting = putAll(world, [put(low, 'x'.repeat(1024 * 1024 - 1))], { throttle });
  await lifecycleTick(worldOf(world), delay)();
  assert.deepEqual(shardsOf(await putting), [2]);
});

test('a stream made again under the same name does not get the records of the old one', async () => {
  const world = await World.with(stream);
  await new OneShard(world.log, { stream: '1', shard: 0 }).seal();
  const refused = assert.rejects(putAll(world, [put(low, 'a')]), notFound);
  await settled();
  const again: Stream = { ...stream, id: '2' };
  await world.catalog.commit(() => [
    { kind: 'stream-deleted', key },
    { kind: 'stream-created', stream: again },
  ]);
  await refused;
});

test('records that stay and records that move on or are refused are each stored once, in order', async () => {
  const world = await World.with(stream);
  const throttle = awsThrottle(world.clock);
  await begin(world, { kind: 'split', since: sampleTime, shard: 0, at: 100n });
  await new OneShard(world.log, { stream: '1', shard: 0 }).seal();
  const big = (nth: number) => `${nth}${'x'.repeat(400_000)}`;
  const puts = [low, high, 100n, high, low, high, low].map((key, nth) => put(key, big(nth)));
  const putting = putAll(world, puts, { throttle });
  await settled();
  await lifecycleTick(worldOf(world), delay)();
  const results = await putting;
  assert.deepEqual(
    results.map(({ shard, fate }) => `${shard} ${fate.kind}`),
    ['2 stored', '1 stored', '3 stored', '1 stored', '0 throttled', '1 throttled', '0 throttled'],
  );
  assert.deepEqual(await textsIn(world, 1), [big(1), big(3)]);
  assert.deepEqual(await textsIn(world, 2), [big(0)]);
  assert.deepEqual(await textsIn(world, 3), [big(2)]);
});
