import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aheadRecordsMin } from '../../../../src/services/lambda/poller/lane-queue.ts';
import { dataOf, FunctionFailure, MappingWorld } from './mapping-world.ts';

test('a batch has as many records as it may, and without a batching window what is there', async () => {
  const world = await MappingWorld.with({ batchSize: 3 });
  await world.put(0, 'a', 'b', 'c', 'd');
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 4);
  assert.deepEqual(world.calls, [['a', 'b', 'c'], ['d']]);
  await world.stop();
});

test('a batching window begins with its first record, and ends when the batch is full', async () => {
  const world = await MappingWorld.with({ batchSize: 3, windowSeconds: 10 });
  world.start();
  await world.pass(9_000);
  await world.put(0, 'a');
  await world.pass(9_990);
  await world.put(0, 'b');
  assert.deepEqual(world.calls, []);
  await world.pass(10);
  assert.deepEqual(world.calls, [['a', 'b']]);
  await world.put(0, 'c', 'd', 'e', 'f');
  await world.pass(0);
  assert.deepEqual(world.calls.slice(1), [['c', 'd', 'e']]);
  await world.stop();
});

test('what waits for a batching window goes at once where its shard has ended', async () => {
  const world = await MappingWorld.with({ windowSeconds: 300 }, 2);
  world.start();
  await world.put(0, 'a');
  await world.pass(1_000);
  await world.reshard({ kind: 'merge', shards: [0, 1], since: 0 });
  await world.pass(1_000);
  assert.deepEqual(world.calls, [['a']]);
  assert.equal(world.cursor()?.isFinished, true);
  await world.stop();
});

test('an event has 6 MiB at most, and a record that is larger is given up', async () => {
  const world = await MappingWorld.with();
  const lengths: number[] = [];
  world.script = ({ Records }) => {
    lengths.push(Records.length);
  };
  const large = 'x'.repeat(1_000_000);
  for (let nth = 0; nth < 6; nth++) await world.put(0, large);
  await world.put(0, 'y'.repeat(5 * 1024 * 1024));
  await world.put(0, 'z');
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 8);
  assert.deepEqual(lengths, [4, 2, 1]);
  assert.deepEqual(
    world.failures.map(({ condition, records }) => [condition, records]),
    [['RetryAttemptsExhausted', 1]],
  );
  assert.match(world.failures[0]!.error, /^The event has \d+ bytes/);
  assert.equal(world.kept[0]?.data.length, 5 * 1024 * 1024);
  await world.stop();
});

test('records that a filter keeps out move the cursor, without a call and with few commits', async () => {
  const world = await MappingWorld.with();
  world.filter = (data) => String(data) === 'yes';
  world.start();
  const before = world.journal.state.version;
  for (let nth = 0; nth < 50; nth++) {
    await world.put(0, 'no');
    await world.pass(10);
  }
  await world.until(() => world.cursor()?.marks[0] === 50);
  assert.ok(world.journal.state.version - before <= 2);
  await world.put(0, 'no', 'yes', 'no');
  await world.until(() => world.cursor()?.marks[0] === 53);
  assert.deepEqual(world.calls, [['yes']]);
  assert.deepEqual(
    [world.counts.get('PolledEventCount'), world.counts.get('FilteredOutEventCount')],
    [53, 52],
  );
  await world.stop();
});

/** Keys of two lanes. */
const lanes = { one: 'a', other: '2' };

test('lanes run side by side, one call each, and what fails holds up its own lane alone', async () => {
  const world = await MappingWorld.with({ parallelization: 2, batchSize: 10 });
  const { one, other } = lanes;
  world.script = ({ Records }) => {
    const keys = new Set(Records.map(({ kinesis }) => kinesis.partitionKey));
    assert.equal(keys.size, 1, 'the keys are of one lane each');
    if (keys.has(one)) throw new FunctionFailure('no');
  };
  world.start();
  for (let nth = 0; nth < 3 * aheadRecordsMin; nth++) {
    await world.put(0, `${one}=one${nth}`, `${other}=other${nth}`);
  }
  await world.until(() => world.calls.some((call) => call.includes(`other${3 * aheadRecordsMin - 1}`)));
  await world.pass(2_000);
  const { marks } = world.cursor()!;
  assert.deepEqual([Math.min(...marks), Math.max(...marks)], [0, 6 * aheadRecordsMin]);
  world.script = () => null;
  await world.until(() => world.cursor()?.marks.every((mark) => mark === 6 * aheadRecordsMin) === true);
  const done = world.calls.flat().filter((data) => data.startsWith('one'));
  const order = [...new Set(done)].map((data) => Number(data.slice(3)));
  assert.deepEqual(
    order,
    Array.from({ length: 3 * aheadRecordsMin }, (_, nth) => nth),
  );
  await world.stop();
});

test('with other lanes the old ones first catch up with the one that was furthest', async () => {
  const world = await MappingWorld.with({ parallelization: 2, batchSize: 1 });
  const { one, other } = lanes;
  world.script = ({ Records }) => {
    if (Records.some(({ kinesis }) => kinesis.partitionKey === one)) throw new FunctionFailure('no');
  };
  world.start();
  await world.put(0, `${one}=1`, `${other}=2`, `${other}=3`, `${one}=4`);
  await world.until(() => Math.max(...(world.cursor()?.marks ?? [0])) === 4);
  world.script = () => null;
  world.isHeld = true;
  await world.update({ parallelization: 3 });
  await world.pass(100);
  await world.put(0, `${other}=5`);
  await world.pass(1_000);
  assert.deepEqual(world.calls.at(-1), ['1']);
  assert.ok(!world.calls.flat().includes('5'));
  world.release();
  await world.until(
    () => world.cursor()?.marks.length === 3 && world.cursor()!.marks.every((mark) => mark === 5),
  );
  assert.deepEqual(world.calls.flat().slice(-3), ['1', '4', '5']);
  assert.equal(world.calls.flat().filter((data) => data === '2' || data === '3').length, 2);
  await world.stop();
});

test('many small reads ahead of a function that is slow are one batch', async () => {
  const world = await MappingWorld.with({ batchSize: 1_000 });
  world.isHeld = true;
  world.start();
  for (let nth = 0; nth < 500; nth++) {
    await world.put(0, String(nth));
    if (nth % 100 === 0) await world.pass(10);
  }
  await world.pass(10);
  world.release();
  await world.until(() => world.cursor()?.marks[0] === 500);
  assert.deepEqual(
    world.events.map(({ Records }) => Records.length),
    [1, 499],
  );
  assert.equal(
    world.events[1]!.Records.map(dataOf).join(),
    Array.from({ length: 499 }, (_, nth) => nth + 1).join(),
  );
  await world.stop();
});

test('while a call runs what comes next is read, and no more than there is room for', async () => {
  const world = await MappingWorld.with({ batchSize: 200 });
  for (let nth = 0; nth < 20; nth++) await world.put(0, ...Array.from({ length: 100 }, () => 'x'));
  const read = world.log.read.bind(world.log);
  const places: number[] = [];
  world.log.read = (key, request) => {
    places.push(request.from);
    return read(key, request);
  };
  world.isHeld = true;
  world.start();
  await world.pass(100);
  assert.deepEqual(
    world.events.map(({ Records }) => Records.length),
    [200],
  );
  assert.deepEqual(places, [0, 400]);
  world.crash();
});
