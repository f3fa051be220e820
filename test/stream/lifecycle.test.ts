import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamKeyOf } from '../../src/catalog/state.ts';
import type { Stream, StreamChange } from '../../src/kinesis/stream.ts';
import { type Engine, UnavailableError } from '../../src/log/log.ts';
import { lifecycleTick } from '../../src/stream/lifecycle.ts';
import { sampleStream } from '../kinesis/sample.ts';
import { alteredEngine } from '../log/altered-engine.ts';
import { World } from './world.ts';

const delay = 100;
const since = new World().clock.now();
const key = streamKeyOf(sampleStream(1));
const creating = sampleStream(0, {
  status: 'CREATING',
  createdAt: since,
  change: { kind: 'create', since, shardCount: 3 },
});

/** Each thing that can be on its way, the stream it happens to, and what has become of it in the end. */
const changes: {
  stream: Stream;
  change: StreamChange | undefined;
  status: string | undefined;
  shards: number;
}[] = [
  { stream: creating, change: undefined, status: 'ACTIVE', shards: 3 },
  {
    stream: sampleStream(2),
    change: { kind: 'split', since, shard: 1, at: 2n ** 127n + 9n },
    status: 'ACTIVE',
    shards: 4,
  },
  { stream: sampleStream(2), change: { kind: 'merge', since, shards: [0, 1] }, status: 'ACTIVE', shards: 3 },
  { stream: sampleStream(2), change: { kind: 'scale', since, target: 3 }, status: 'ACTIVE', shards: 7 },
  { stream: sampleStream(2), change: { kind: 'delete', since }, status: undefined, shards: 0 },
  { stream: creating, change: { kind: 'delete', since }, status: undefined, shards: 0 },
];

async function begun({
  stream,
  change,
}: {
  stream: Stream;
  change: StreamChange | undefined;
}): Promise<World> {
  const world = await World.with(stream);
  if (stream.shards.length > 0) await world.put(0, 'a', 'b');
  if (change !== undefined) await world.catalog.commit(() => [{ kind: 'change-begun', key, change }]);
  return world;
}

for (const expected of changes) {
  const { stream, change, status, shards } = expected;
  const what = `${stream.status} stream, ${change?.kind ?? 'create'}`;

  test(`${what}: it waits for its time, and is finished then`, async () => {
    const world = await begun(expected);
    const tick = lifecycleTick(world, delay);
    assert.equal(await tick(), delay);
    await world.clock.advance(delay - 1);
    assert.equal(await tick(), 1);
    assert.notEqual(world.stream!.change, undefined);
    await world.clock.advance(1);
    assert.equal(await tick(), undefined);
    assert.equal(world.stream?.status, status);
    assert.equal(world.stream?.shards.length ?? 0, shards);
    assert.equal(world.stream?.change, undefined);
  });

  test(`${what}: a restart goes on with it`, async () => {
    const world = await begun(expected);
    await world.clock.advance(delay);
    await world.restart();
    await lifecycleTick(world, delay)();
    assert.equal(world.stream?.status, status);
    assert.equal(world.stream?.shards.length ?? 0, shards);
  });

  test(`${what}: after a failure of any step it is done again, to the same end`, async () => {
    const whole = await begun(expected);
    await whole.clock.advance(delay);
    await lifecycleTick(whole, delay)();
    for (let steps = 0; ; steps++) {
      const world = await begun(expected);
      await world.clock.advance(delay);
      const failed = await failAfter(steps, world);
      await world.restart();
      await lifecycleTick(world, delay)();
      assert.deepEqual(world.stream, whole.stream, `after ${steps} steps`);
      if (!failed) return;
    }
  });
}

/**
 * Runs the tick in a world that ends after so many calls of its engine and its journal; true when it did end.
 */
async function failAfter(steps: number, world: World): Promise<boolean> {
  const end = new Error('the process ends');
  const step = async <T>(call: () => Promise<T>): Promise<T> => {
    if (steps-- <= 0) throw end;
    return call();
  };
  const append = world.journal.append.bind(world.journal);
  const { catalog, clock } = world;
  const log = alteredEngine(world.log, {
    prepare: (stream, needs) => step(() => world.log.prepare(stream, needs)),
    seal: (key) => step(() => world.log.seal(key)),
    position: (key) => step(() => world.log.position(key)),
    drop: (stream) => step(() => world.log.drop(stream)),
  });
  world.journal.append = (key, batch) => step(() => append(key, batch));
  try {
    await lifecycleTick({ catalog, clock, log }, delay)();
    return false;
  } catch (error) {
    assert.equal(error, end);
    return true;
  } finally {
    world.journal.append = append;
  }
}

test('the shards of a new stream begin in the second in which it was asked for', async () => {
  const world = await World.with(creating);
  await world.clock.advance(2500);
  await lifecycleTick(world, delay)();
  const begin = Math.floor(since / 1000) * 1000;
  assert.deepEqual(
    world.stream?.shards.map(({ createdAt }) => createdAt),
    [begin, begin, begin],
  );
});

test('a reshard seals its parents, and no others, at the end that the catalog then knows', async () => {
  const world = await begun(changes[1]!);
  await world.put(1, 'c', 'd', 'e');
  await world.clock.advance(delay);
  await lifecycleTick(world, delay)();
  assert.equal(world.stream?.shards[1]?.closed?.end, 3);
  await world.put(0, 'still open');
  await assert.rejects(world.put(1, 'closed'), { name: 'SealedError' });
});

/** A world's log, and what was asked of it that the lifecycle asks. */
function listened(world: World): { log: Engine; calls: string[] } {
  const calls: string[] = [];
  const log = alteredEngine(world.log, {
    async prepare(stream, { shards, retention }) {
      calls.push(
        `prepare ${shards} for ${retention / 3_600_000} h, ${world.stream?.shards.length} are known`,
      );
      await world.log.prepare(stream, { shards, retention });
    },
    seal(key) {
      calls.push(`seal ${key.shard}`);
      return world.log.seal(key);
    },
  });
  return { log, calls };
}

test('shards are prepared before the catalog knows them', async () => {
  const world = await begun(changes[0]!);
  const { log, calls } = listened(world);
  await world.clock.advance(delay);
  await lifecycleTick({ catalog: world.catalog, clock: world.clock, log }, delay)();
  assert.deepEqual(calls, ['prepare 0,1,2 for 24 h, 0 are known']);
});

test('children are prepared before their parents are sealed, and without those that only pass', async () => {
  const world = await begun(changes[3]!);
  const { log, calls } = listened(world);
  await world.clock.advance(delay);
  await lifecycleTick({ catalog: world.catalog, clock: world.clock, log }, delay)();
  assert.deepEqual(calls, ['prepare 0,1,2,5,6 for 24 h, 2 are known', 'seal 0', 'seal 1']);
});

test('what retention becomes is told once, and told again when that failed', async () => {
  const world = await begun({ stream: sampleStream(1), change: undefined });
  const { log, calls } = listened(world);
  const tick = lifecycleTick({ catalog: world.catalog, clock: world.clock, log }, delay);
  for (let time = 0; time < 2; time++) await tick();
  assert.deepEqual(calls.splice(0), ['prepare 0 for 24 h, 1 are known']);
  const settings = { retentionHours: 48 };
  await world.catalog.commit(() => [{ kind: 'settings-changed', key, settings }]);
  const { prepare } = log;
  log.prepare = () => Promise.reject(new UnavailableError('no broker'));
  await assert.rejects(tick(), UnavailableError);
  log.prepare = prepare;
  for (let time = 0; time < 2; time++) await tick();
  assert.deepEqual(calls, ['prepare 0 for 48 h, 1 are known']);
});

test('a shard does not close before its last record arrived, also when the clock went back', async () => {
  const world = await begun(changes[1]!);
  await world.clock.advance(60_000);
  await world.put(1, 'late');
  const { lastArrival } = await world.log.position({ stream: '1', shard: 1 });
  world.clock.jump(-50_000);
  await lifecycleTick(world, delay)();
  const { closed } = world.stream!.shards[1]!;
  assert.equal(closed?.at, Math.floor(lastArrival / 1000) * 1000);
});

test('a deleted stream leaves no records behind', async () => {
  const world = await begun(changes[4]!);
  await world.clock.advance(delay);
  await lifecycleTick(world, delay)();
  await assert.rejects(world.endOf(0), { name: 'DroppedError' });
});

test('a wall clock that went back holds no change up', async () => {
  const world = await begun(changes[2]!);
  world.clock.jump(-3_600_000);
  assert.equal(await lifecycleTick(world, delay)(), undefined);
  assert.equal(world.stream?.status, 'ACTIVE');
});

test('a stream that cannot be finished keeps no other waiting', async () => {
  const world = await begun(changes[1]!);
  const other = { ...creating, name: 'z', id: '2' };
  await world.catalog.commit(() => [{ kind: 'stream-created', stream: other }]);
  await world.clock.advance(delay);
  const damaged = new Error('damaged');
  const log = alteredEngine(world.log, { seal: () => Promise.reject(damaged) });
  await assert.rejects(lifecycleTick({ catalog: world.catalog, clock: world.clock, log }, delay)(), damaged);
  assert.equal(world.stream?.status, 'UPDATING');
  assert.equal(world.catalog.state.streams.get(streamKeyOf(other))?.status, 'ACTIVE');
});
