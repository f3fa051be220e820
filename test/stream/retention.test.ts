import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamKeyOf } from '../../src/catalog/state.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { hashKeyMax } from '../../src/kinesis/hash-key.ts';
import { DamagedError } from '../../src/log/log.ts';
import { retentionTick } from '../../src/stream/retention.ts';
import { sampleStream, sampleTime } from '../kinesis/sample.ts';
import { alteredEngine } from '../log/altered-engine.ts';
import { World } from './world.ts';

const day = 24 * 3_600_000;
const range = { first: 0n, last: hashKeyMax };

/** Shard 0 closed in the first second, 1 is its child. */
const split = sampleStream(0, {
  shards: [
    {
      index: 0,
      parents: [],
      range,
      createdAt: sampleTime,
      closed: { at: sampleTime, end: 1, childrenAt: sampleTime + 1000 },
    },
    { index: 1, parents: [0], range, createdAt: sampleTime + 1000 },
  ],
  nextShard: 2,
});

function indicesOf(world: World): number[] {
  return world.stream!.shards.map(({ index }) => index);
}

test('records past the retention give their space back, the others stay', async () => {
  const world = await World.with();
  await world.put(0, 'old', 'old');
  await world.clock.advance(1000);
  await world.put(0, 'young');
  await world.clock.advance(day - 1000);
  await retentionTick(world)();
  assert.equal(await world.startOf(0), 0);
  await world.clock.advance(1);
  await retentionTick(world)();
  assert.equal(await world.startOf(0), 2);
});

test('a closed shard is forgotten once its last second is past the retention, and not before', async () => {
  const world = await World.with(split);
  // 123 ms into the second in which the shard closed.
  await world.put(0, 'last');
  await world.clock.advance(day);
  await retentionTick(world)();
  assert.deepEqual(indicesOf(world), [0, 1], 'its last record is just within the retention');
  await world.clock.advance(1000);
  await retentionTick(world)();
  assert.deepEqual(indicesOf(world), [1]);
});

test('an open shard stays, however old', async () => {
  const world = await World.with();
  await world.clock.advance(1000 * day);
  await retentionTick(world)();
  assert.deepEqual(indicesOf(world), [0]);
});

test('a stream that is being deleted is left alone', async () => {
  const world = await World.with(split);
  const change = { kind: 'delete', since: sampleTime } as const;
  await world.catalog.commit(() => [{ kind: 'change-begun', key: streamKeyOf(split), change }]);
  await world.clock.advance(10 * day);
  await retentionTick(world)();
  assert.deepEqual(indicesOf(world), [0, 1]);
});

test('a stream that is dropped while it is looked at is no failure', async () => {
  const world = await World.with();
  await world.log.drop('1');
  assert.equal(await retentionTick(world)(), 60_000);
});

test('it looks every minute', async () => {
  assert.equal(await retentionTick(await World.with())(), 60_000);
});

test('a damaged stream is told of once, and does not keep the others from being trimmed', async () => {
  const world = await World.with();
  await world.put(0, 'old');
  const other = { ...sampleStream(1), id: '2', name: 'damaged' };
  await world.catalog.commit(() => [{ kind: 'stream-created', stream: other }]);
  const said: string[] = [];
  const logger = { ...silentLogger, error: (message: string) => void said.push(message) };
  const log = alteredEngine(world.log, {
    seek: (key, time) =>
      key.stream === '2' ? Promise.reject(new DamagedError('somewhere')) : world.log.seek(key, time),
  });
  await world.clock.advance(2 * day);
  const tick = retentionTick({ catalog: world.catalog, clock: world.clock, log, logger });
  await tick();
  await tick();
  assert.deepEqual(said, ['a stream is damaged and nothing of it is removed']);
  assert.equal(await world.startOf(0), 1);
});

test('while nothing can expire, the shards are not looked at', async () => {
  const world = await World.with(sampleStream(3));
  await world.put(0, 'old');
  const { looked, tick } = counted(world);
  await tick();
  assert.equal(looked(), 3, 'once after the start');
  await world.clock.advance(day - 1000);
  await tick();
  assert.equal(looked(), 0);
  await world.clock.advance(1001);
  await tick();
  assert.equal(looked(), 3);
  assert.equal(await world.startOf(0), 1);
  await world.clock.advance(10 * day);
  await tick();
  assert.equal(looked(), 3);
  await world.clock.advance(day - 1);
  await tick();
  assert.equal(looked(), 0, 'an empty stream has nothing to expire');
});

test('a stream that was quiet for a day is left alone for that day', async () => {
  const world = await World.with();
  await world.put(0, 'old');
  await world.clock.advance(day);
  await world.put(0, 'young');
  const { looked, tick } = counted(world);
  await world.clock.advance(1);
  await tick();
  assert.equal(looked(), 1);
  let looks = 0;
  for (let minute = 0; minute < 24 * 60 - 1; minute++) {
    await world.clock.advance(60_000);
    await tick();
    looks += looked();
  }
  // Every hour, and every minute of the last one.
  assert.ok(looks <= 24 + 60, `${looks} looks`);
  await world.clock.advance(60_000);
  await tick();
  assert.equal(await world.startOf(0), 2);
});

test('a retention that becomes shorter takes effect at the next look, one that becomes longer keeps what is there', async () => {
  const world = await World.with(sampleStream(1, { retentionHours: 48 }));
  const setRetention = (retentionHours: number) =>
    world.catalog.commit(() => [
      { kind: 'settings-changed', key: streamKeyOf(sampleStream(1)), settings: { retentionHours } },
    ]);
  await world.put(0, 'first');
  const { tick } = counted(world);
  await tick();
  await world.clock.advance(day + 1);
  await world.put(0, 'second');
  await tick();
  assert.equal(await world.startOf(0), 0);
  await setRetention(24);
  await tick();
  assert.equal(await world.startOf(0), 1);
  await setRetention(72);
  await world.clock.advance(2 * day);
  await tick();
  assert.equal(await world.startOf(0), 1);
  await world.clock.advance(day + 1);
  await tick();
  assert.equal(await world.startOf(0), 2);
});

/** A tick, and how many shards it has looked at since the count was last asked for. */
function counted(world: World): { looked: () => number; tick: () => Promise<unknown> } {
  let count = 0;
  const log = alteredEngine(world.log, {
    trim: (key, before) => {
      count++;
      return world.log.trim(key, before);
    },
  });
  const { catalog, clock, logger } = world;
  const looked = () => {
    const answer = count;
    count = 0;
    return answer;
  };
  return { looked, tick: retentionTick({ catalog, clock, log, logger }) };
}
