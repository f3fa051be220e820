import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamKeyOf } from '../../src/catalog/state.ts';
import type { Millis } from '../../src/env/clock.ts';
import { hashKeyMax } from '../../src/kinesis/hash-key.ts';
import { parseShardId } from '../../src/kinesis/shard-id.ts';
import type { Stream, StreamChange } from '../../src/kinesis/stream.ts';
import type { Log } from '../../src/log/log.ts';
import { lifecycleTick } from '../../src/stream/lifecycle.ts';
import { Load } from '../../src/stream/load.ts';
import { type Put, type PutResult, putRecords } from '../../src/stream/put.ts';
import { awsThrottle, noThrottle, type Throttle } from '../../src/stream/throttle.ts';
import { settled } from '../api/manual-clock.ts';
import { sampleStream, sampleTime } from '../kinesis/sample.ts';
import { World } from './world.ts';

const stream = sampleStream(2);
const key = streamKeyOf(stream);
const low = 0n;
const high = hashKeyMax;
const delay: Millis = 0;

function put(hashKey: bigint, text: string): Put {
  return { hashKey, record: { partitionKey: 'k', data: Buffer.from(text) } };
}

function putAll(world: World, puts: readonly Put[], throttle: Throttle = noThrottle): Promise<PutResult[]> {
  return putRecords({ ...worldOf(world), throttle }, stream, puts);
}

function worldOf({ catalog, log, clock }: World) {
  return { catalog, log, clock, load: new Load() };
}

async function begin(world: World, change: StreamChange): Promise<void> {
  await world.catalog.commit(() => [{ kind: 'change-begun', key, change }]);
}

function shardsOf(results: readonly PutResult[]): (number | string)[] {
  return results.map((result) => (result.kind === 'failed' ? 'failed' : parseShardId(result.shardId)!));
}

const notFound = {
  name: 'ResourceNotFoundException',
  message: 'Stream orders under account 000000000000 not found.',
};

test('each record goes to the shard of its hash key, and the answers keep the order of the request', async () => {
  const world = await World.with(stream);
  const results = await putAll(world, [put(high, 'a'), put(low, 'b'), put(high, 'c')]);
  assert.deepEqual(shardsOf(results), [1, 0, 1]);
  const numbers = results.map((result) => (result.kind === 'stored' ? BigInt(result.sequenceNumber) : 0n));
  assert.ok(numbers[0]! < numbers[2]!);
});

for (const status of ['CREATING', 'DELETING'] as const) {
  test(`a stream that is ${status} is not found`, async () => {
    const world = await World.with({ ...stream, status });
    await assert.rejects(putAll(world, [put(low, 'a')]), notFound);
  });
}

test('records for a shard that is sealed wait for its children, and go there', async () => {
  const world = await World.with(stream);
  await begin(world, { kind: 'split', since: sampleTime, shard: 0, at: 100n });
  const parent = await world.log.open({ stream: '1', shard: 0 });
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
  assert.equal(parent.end, 0);
});

test('records of two shards that are merged meanwhile keep the order of the request', async () => {
  const world = await World.with(stream);
  await begin(world, { kind: 'merge', since: sampleTime, shards: [0, 1] });
  for (const shard of [0, 1]) await (await world.log.open({ stream: stream.id, shard })).seal();
  const putting = putAll(world, [put(high, 'a'), put(low, 'b'), put(high, 'c')]);
  await settled();
  await lifecycleTick(world, delay)();
  const results = await putting;
  assert.deepEqual(shardsOf(results), [2, 2, 2]);
  const numbers = results.map((result) => (result.kind === 'stored' ? BigInt(result.sequenceNumber) : 0n));
  assert.deepEqual(
    numbers,
    numbers.toSorted((one, other) => (one < other ? -1 : 1)),
  );
});

test('a stream that goes away while records wait for its children is not found', async () => {
  const world = await World.with(stream);
  await (await world.log.open({ stream: '1', shard: 0 })).seal();
  const refused = assert.rejects(putAll(world, [put(low, 'a')]), notFound);
  await settled();
  await begin(world, { kind: 'delete', since: sampleTime });
  await refused;
});

test('records that were stored before the stream went away are answered as stored', async () => {
  const world = await World.with(stream);
  await (await world.log.open({ stream: '1', shard: 0 })).seal();
  const putting = putAll(world, [put(low, 'a'), put(high, 'b')]);
  await settled();
  await begin(world, { kind: 'delete', since: sampleTime });
  assert.deepEqual(shardsOf(await putting), ['failed', 1]);
});

test('a stream whose records are dropped meanwhile is not found', async () => {
  const world = await World.with(stream);
  const shardLog = await world.log.open({ stream: '1', shard: 0 });
  await world.log.drop('1');
  const log: Log = { open: async () => shardLog, drop: async () => {}, close: async () => {} };
  await assert.rejects(
    putRecords({ ...worldOf(world), log, throttle: noThrottle }, stream, [put(low, 'a')]),
    notFound,
  );
});

test('a shard that fails, fails its own records only', async () => {
  const world = await World.with(stream);
  const cause = new Error('no space left on device');
  const log: Log = {
    open: (shard) => (shard.shard === 0 ? Promise.reject(cause) : world.log.open(shard)),
    drop: async () => {},
    close: async () => {},
  };
  const world0 = { ...worldOf(world), log, throttle: noThrottle };
  const results = await putRecords(world0, stream, [put(low, 'a'), put(high, 'b'), put(low, 'c')]);
  assert.deepEqual(shardsOf(results), ['failed', 1, 'failed']);
  assert.deepEqual(results[0], { kind: 'failed', cause });
});

test('records over the limit of their shard are refused, the others are stored', async () => {
  const world = await World.with(stream);
  const text = 'x'.repeat(600_000);
  const throttle = awsThrottle(world.clock);
  const results = await putAll(world, [put(low, text), put(low, text), put(high, text)], throttle);
  assert.deepEqual(
    results.map(({ kind }) => kind),
    ['stored', 'throttled', 'stored'],
  );
  assert.equal(await world.endOf(0), 1);
});

test('records that move on to the children of their shard count once', async () => {
  const world = await World.with(stream);
  const throttle = awsThrottle(world.clock);
  await begin(world, { kind: 'split', since: sampleTime, shard: 0, at: 100n });
  await (await world.log.open({ stream: '1', shard: 0 })).seal();
  const putting = putAll(world, [put(low, 'x'.repeat(1024 * 1024 - 1))], throttle);
  await lifecycleTick(worldOf(world), delay)();
  assert.deepEqual(shardsOf(await putting), [2]);
});

test('a stream made again under the same name does not get the records of the old one', async () => {
  const world = await World.with(stream);
  await (await world.log.open({ stream: '1', shard: 0 })).seal();
  const refused = assert.rejects(putAll(world, [put(low, 'a')]), notFound);
  await settled();
  const again: Stream = { ...stream, id: '2' };
  await world.catalog.commit(() => [
    { kind: 'stream-deleted', key },
    { kind: 'stream-created', stream: again },
  ]);
  await refused;
});
