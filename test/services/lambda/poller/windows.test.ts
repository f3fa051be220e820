import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataOf, type Event, FunctionFailure, MappingWorld, type Script } from './mapping-world.ts';

/** Counts records by their data, as AWS's example does. */
const counting: Script = ({ Records, state }) => {
  const counts = { ...(state as Record<string, number>) };
  for (const data of Records.map(dataOf)) counts[data] = (counts[data] ?? 0) + 1;
  return { state: counts };
};

type Final = {
  readonly state: unknown;
  readonly window: Event['window'];
  readonly isWindowTerminatedEarly: boolean | undefined;
};

function finals(world: MappingWorld): Final[] {
  return world.events
    .filter(({ isFinalInvokeForWindow }) => isFinalInvokeForWindow)
    .map(({ state, window, isWindowTerminatedEarly }) => ({ state, window, isWindowTerminatedEarly }));
}

test('a window has its state handed on from call to call, and a last call though nothing comes any more', async () => {
  const world = await MappingWorld.with({ tumblingSeconds: 60, batchSize: 2 });
  world.script = counting;
  await world.put(0, 'a', 'b', 'a');
  world.start();
  await world.pass(1_000);
  await world.put(0, 'a');
  await world.pass(1_000);
  assert.deepEqual(
    world.events.map(({ state }) => state),
    [{}, { a: 1, b: 1 }, { a: 2, b: 1 }],
  );
  assert.deepEqual(world.events[0]!.window, { start: '2023-11-14T22:13:00Z', end: '2023-11-14T22:14:00Z' });
  assert.equal(world.events[0]!.isFinalInvokeForWindow, false);
  assert.equal(world.cursor()?.windows?.[0]?.state, '{"a":3,"b":1}');
  await world.until(() => world.cursor()?.windows === undefined);
  assert.deepEqual(finals(world), [
    { state: { a: 3, b: 1 }, window: world.events[0]!.window, isWindowTerminatedEarly: false },
  ]);
  await world.pass(100);
  assert.equal(world.clock.sleeping, 0);
  await world.stop();
});

test('a batch does not cross the end of a window, and a process that goes on has the state', async () => {
  const world = await MappingWorld.with({ tumblingSeconds: 60, batchSize: 2 });
  world.script = counting;
  await world.put(0, 'a', 'a', 'a');
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 3);
  world.crash();
  await world.pass(40_000);
  await world.put(0, 'b');
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 4);
  assert.deepEqual(
    finals(world).map(({ state }) => state),
    [{ a: 3 }],
  );
  assert.deepEqual(world.events.at(-1)!.state, {});
  await world.stop();
});

test('an answer without a state is a failure', async () => {
  const world = await MappingWorld.with({ tumblingSeconds: 60, retries: 1 });
  world.script = ({ isFinalInvokeForWindow }) => (isFinalInvokeForWindow ? null : { count: 1 });
  await world.put(0, 'a');
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 1);
  assert.equal(world.calls.length, 2);
  assert.match(world.failures[0]!.error, /no state/);
  await world.stop();
});

test('a last call that fails holds everything up until it succeeds', async () => {
  const world = await MappingWorld.with({ tumblingSeconds: 30, retries: 0 });
  let isOut = true;
  world.script = (event) => {
    if (event.isFinalInvokeForWindow === true && isOut) throw new FunctionFailure('no');
    return counting(event);
  };
  world.start();
  await world.put(0, 'a');
  await world.pass(60_000);
  await world.put(0, 'b');
  await world.pass(60_000);
  assert.ok(!world.calls.flat().includes('b'));
  isOut = false;
  await world.until(() => world.cursor()?.marks[0] === 2);
  assert.deepEqual(world.failures, []);
  await world.stop();
});

test('a state that is too large ends its window early, and none of it is kept', async () => {
  const world = await MappingWorld.with({ tumblingSeconds: 600, batchSize: 1 });
  world.script = ({ Records, state, isFinalInvokeForWindow }) =>
    isFinalInvokeForWindow
      ? { state: {} }
      : { state: { ...state, [Records.map(dataOf).join()]: 'x'.repeat(600_000) } };
  await world.put(0, 'a', 'b', 'c');
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 3);
  const [final] = finals(world);
  assert.deepEqual([final?.isWindowTerminatedEarly, Object.keys(final?.state ?? {})], [true, ['a', 'b']]);
  assert.deepEqual(Object.keys(world.events[3]!.state ?? {}), []);
  assert.deepEqual(world.events[3]!.window, world.events[0]!.window);
  await world.stop();
});

test('where a shard ends, or windows become others, the window is ended early', async () => {
  const world = await MappingWorld.with({ tumblingSeconds: 600 }, 2);
  world.script = counting;
  world.start();
  await world.put(0, 'a');
  await world.until(() => world.cursor(0)?.marks[0] === 1);
  await world.update({ tumblingSeconds: 0 });
  await world.until(() => world.cursor(0)?.windows === undefined);
  await world.update({ tumblingSeconds: 300, parallelization: 2 });
  await world.pass(100);
  await world.put(0, 'b');
  await world.until(() => world.cursor(0)?.windows !== undefined);
  await world.update({ parallelization: 1 });
  await world.until(() => world.cursor(0)?.marks.length === 1);
  await world.put(0, 'c');
  await world.until(() => world.cursor(0)?.windows !== undefined);
  await world.reshard({ kind: 'merge', shards: [0, 1], since: 0 });
  await world.until(() => world.cursor(0)?.isFinished === true);
  assert.deepEqual(
    finals(world).map(({ state, isWindowTerminatedEarly }) => [state, isWindowTerminatedEarly]),
    [
      [{ a: 1 }, true],
      [{ b: 1 }, true],
      [{ c: 1 }, true],
    ],
  );
  await world.stop();
});
