import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamKeyOf } from '../../../../src/catalog/state.ts';
import { drainMs } from '../../../../src/services/lambda/poller/shard-poller.ts';
import { sampleStream } from '../../../kinesis/sample.ts';
import { FunctionFailure, MappingWorld, role, uuid } from './mapping-world.ts';

test('a function gets records as AWS has them, and the cursor moves once it has answered', async () => {
  const world = await MappingWorld.with();
  world.isHeld = true;
  world.start();
  await world.put(0, 'key "one"=hello', 'b=x');
  await world.until(() => world.events.length === 1);
  const [first] = world.events[0]!.Records;
  assert.equal(world.cursor(), undefined);
  const { sequenceNumber } = first!.kinesis;
  assert.deepEqual(first, {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'key "one"',
      sequenceNumber,
      data: 'aGVsbG8=',
      approximateArrivalTimestamp: 1_700_000_000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000000:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: role,
    awsRegion: 'us-east-1',
    eventSourceARN: world.mapping.source,
  });
  world.release();
  await world.until(() => world.cursor()?.marks[0] === 2);
  assert.equal(world.cursor()?.result, 'OK');
  await world.stop();
});

test('what is put is with the function without a timer, and a mapping that has nothing to do has none', async () => {
  const world = await MappingWorld.with();
  world.start();
  await world.pass(100);
  assert.equal(world.clock.sleeping, 0);
  await world.put(0, 'a');
  await world.pass(0);
  assert.deepEqual(world.calls, [['a']]);
  await world.pass(100);
  assert.equal(world.clock.sleeping, 0);
  await world.stop();
});

test('a process that goes on begins at the cursor', async () => {
  const world = await MappingWorld.with({ batchSize: 2 });
  await world.put(0, 'a', 'b', 'c', 'd');
  world.script = ({ Records }) => {
    if (Records.length > 0 && world.events.length === 1) world.crash();
  };
  world.start();
  await world.pass(1_000);
  assert.deepEqual(world.calls, [
    ['a', 'b'],
    ['c', 'd'],
  ]);
  world.script = () => null;
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 4);
  assert.deepEqual(world.calls.slice(2), [['c', 'd']]);
  await world.stop();
});

test('a cursor that another one has moved is left to that one, and gone on from', async () => {
  const world = await MappingWorld.with();
  world.isHeld = true;
  world.start();
  await world.put(0, 'a', 'b');
  await world.until(() => world.events.length === 1);
  const key = `${uuid}/${world.stream.id}/0`;
  await world.journal.commit(() => [{ kind: 'said', of: 'cursor', key, value: { marks: [1] } }]);
  world.release();
  await world.until(() => world.cursor()?.marks[0] === 2);
  assert.deepEqual(world.calls, [['a', 'b'], ['b']]);
  await world.stop();
});

test('of two that run a shard at once one gives way with each commit, and nothing is skipped', async () => {
  const world = await MappingWorld.with({ batchSize: 2, parallelization: 2 });
  let calls = 0;
  world.latencyMs = () => (calls++ % 4) * 10;
  world.start();
  const first = world.running;
  world.start();
  for (let nth = 0; nth < 40; nth++) {
    await world.put(0, `key${nth % 5}=${nth}`);
    await world.pass(nth % 7);
  }
  await world.until(() => world.cursor()?.marks.every((mark) => mark === 40) === true);
  const done = new Set(world.calls.flat());
  assert.deepEqual(
    Array.from({ length: 40 }, (_, nth) => String(nth)).filter((data) => !done.has(data)),
    [],
  );
  await world.stop();
  await first[Symbol.asyncDispose]();
});

test('where a shard is run elsewhere nothing is begun, and a call under way counts', async () => {
  const world = await MappingWorld.with({ batchSize: 1 });
  world.isHeld = true;
  world.start();
  await world.put(0, 'a', 'b');
  await world.until(() => world.events.length === 1);
  world.place(false);
  world.release();
  await world.pass(5_000);
  assert.deepEqual([world.calls, world.cursor()?.marks], [[['a']], [1]]);
  assert.deepEqual(world.running.shardsOf(uuid), []);
  world.place(true);
  await world.until(() => world.cursor()?.marks[0] === 2);
  await world.stop();
});

test('a mapping that is disabled lets a call answer, and goes on where it was when it is enabled', async () => {
  const world = await MappingWorld.with({ batchSize: 1 });
  world.isHeld = true;
  world.start();
  await world.put(0, 'a', 'b');
  await world.until(() => world.events.length === 1);
  await world.update({ state: 'Disabling', isEnabled: false });
  await world.pass(2 * drainMs);
  world.release();
  await world.pass(1_000);
  assert.deepEqual([world.calls, world.cursor()?.marks], [[['a']], [1]]);
  await world.update({ state: 'Enabled', isEnabled: true });
  await world.until(() => world.cursor()?.marks[0] === 2);
  await world.stop();
});

test('a call that does not answer in time is not waited for when the server closes', async () => {
  const world = await MappingWorld.with();
  world.isHeld = true;
  world.start();
  await world.put(0, 'a');
  await world.until(() => world.events.length === 1);
  const before = world.clock.now();
  await world.stop();
  assert.ok(world.clock.now() - before >= drainMs);
  world.release();
  await world.pass(1_000);
  assert.deepEqual(world.cursor()?.marks, [0]);
});

test('an update takes effect, also on a batch that is tried again', async () => {
  const world = await MappingWorld.with();
  world.script = () => {
    throw new FunctionFailure('no');
  };
  world.start();
  await world.put(0, 'a');
  await world.until(() => world.events.length === 3);
  await world.update({ retries: 0 });
  await world.until(() => world.cursor()?.marks[0] === 1);
  assert.equal(world.failures.length, 1);
  assert.equal(world.mapping.retries, 0);
  await world.stop();
});

test('a mapping that is gone commits nothing any more', async () => {
  const world = await MappingWorld.with();
  world.isHeld = true;
  world.start();
  await world.put(0, 'a');
  await world.until(() => world.events.length === 1);
  await world.journal.commit(() => [{ kind: 'forgotten', of: 'mapping', key: uuid }]);
  world.release();
  await world.pass(1_000);
  assert.equal(world.cursor(), undefined);
  await world.stop();
});

test('children begin when their parents are finished, those of a merge when both are', async () => {
  const world = await MappingWorld.with({}, 2);
  world.script = ({ Records }) => {
    const isOfTheSecond = Records.some(({ eventID }) => eventID.startsWith('shardId-000000000001:'));
    if (isOfTheSecond && world.events.length < 6) throw new FunctionFailure('no');
  };
  world.start();
  await world.put(0, 'a');
  await world.put(1, 'b');
  await world.reshard({ kind: 'merge', shards: [0, 1], since: 0 });
  await world.put(2, 'c');
  await world.until(() => world.cursor(2)?.marks[0] === 1);
  const done = world.calls.map(([data]) => data);
  assert.deepEqual(done.slice(-2), ['b', 'c']);
  assert.equal(done.filter((data) => data === 'c').length, 1);
  assert.deepEqual([world.cursor(0)?.isFinished, world.cursor(1)?.isFinished], [true, true]);
  await world.stop();
});

test('a stream that is deleted is said, and one made anew is read from its beginning', async () => {
  const world = await MappingWorld.with({ start: { kind: 'LATEST' } });
  const key = streamKeyOf(world.stream);
  world.start();
  await world.put(0, 'a');
  await world.until(() => world.cursor()?.marks[0] === 1);
  await world.log.drop('1');
  await world.catalog.commit(() => [{ kind: 'stream-deleted', key }]);
  await world.pass(1_000);
  assert.equal(world.running.problemOf(uuid), `PROBLEM: Stream not found: ${world.mapping.source}`);
  assert.deepEqual([...world.journal.state.entries('cursor')], []);
  const stream = { ...sampleStream(1), id: '2' };
  await world.catalog.commit(() => [{ kind: 'stream-created', stream }]);
  await world.put(0, 'b');
  await world.until(() => world.cursor()?.marks[0] === 1);
  assert.equal(world.running.problemOf(uuid), undefined);
  assert.deepEqual(world.calls, [['a'], ['b']]);
  await world.stop();
});

test('a role that may not read any more stops the mapping until it may', async () => {
  const world = await MappingWorld.with();
  world.start();
  await world.put(0, 'a');
  await world.until(() => world.cursor()?.marks[0] === 1);
  world.isDenied = true;
  await world.pass(1_500);
  await world.put(0, 'b');
  await world.pass(10_000);
  assert.deepEqual(world.calls, [['a']]);
  assert.match(world.cursor()?.result ?? '', /^PROBLEM: Cannot access stream/);
  world.isDenied = false;
  await world.until(() => world.cursor()?.marks[0] === 2);
  assert.equal(world.cursor()?.result, 'OK');
  await world.stop();
});

test('a function that is deleted is said, and its mapping goes on when it is made again', async () => {
  const world = await MappingWorld.with();
  const key = '000000000000/us-east-1/f';
  const value = world.journal.state.get('function', key)!;
  world.start();
  await world.journal.commit(() => [{ kind: 'forgotten', of: 'function', key }]);
  await world.pass(100);
  assert.equal(world.running.problemOf(uuid), `PROBLEM: Function not found: ${world.mapping.functionArn}`);
  await world.put(0, 'a');
  await world.pass(1_000);
  assert.deepEqual(world.calls, []);
  await world.journal.commit(() => [{ kind: 'said', of: 'function', key, value }]);
  await world.until(() => world.cursor()?.marks[0] === 1);
  await world.stop();
});

test('what a mapping is behind is told, and warned of once an hour when little time is left', async () => {
  const world = await MappingWorld.with();
  world.script = () => {
    throw new FunctionFailure('no');
  };
  world.start();
  await world.put(0, 'a', 'b');
  await world.pass(60_000);
  const [sight] = world.running.shardsOf(uuid);
  assert.equal(sight?.behindRecords, 2);
  assert.equal(sight?.lastResult, 'PROBLEM: Function call failed');
  assert.equal(sight?.timeToLoss, 24 * 3_600_000 - (sight?.lag ?? 0));
  assert.deepEqual(world.warnings, []);
  world.clock.jump(20 * 3_600_000);
  await world.pass(60_000);
  assert.deepEqual([...new Set(world.warnings)].length, 1);
  assert.equal(world.warnings.length, 1);
  await world.pass(3_700_000);
  assert.equal(world.warnings.length, 2);
  await world.stop();
});

test('records that expire while they are tried again are lost, which is said', async () => {
  const world = await MappingWorld.with();
  world.script = ({ Records }) => {
    if (Records.some(({ kinesis }) => kinesis.partitionKey === 'old')) throw new FunctionFailure('no');
  };
  world.start();
  await world.put(0, 'old=a', 'old=b');
  await world.pass(60_000);
  await world.put(0, 'new=c');
  world.clock.jump(24 * 3_600_000 - 30_000);
  await world.until(() => world.cursor()?.marks[0] === 3);
  assert.ok(world.warnings.some((warning) => warning.endsWith('they are lost to it')));
  assert.deepEqual(world.calls.at(-1), ['c']);
  assert.equal(world.counts.get('DroppedEventCount'), 2);
  await world.stop();
});

test('records that expired before they were read are lost, which is said', async () => {
  const world = await MappingWorld.with();
  world.start();
  await world.put(0, 'a');
  await world.until(() => world.cursor()?.marks[0] === 1);
  await world.update({ state: 'Disabled', isEnabled: false });
  await world.pass(100);
  await world.put(0, 'b', 'c');
  await world.pass(25 * 3_600_000);
  await world.put(0, 'd');
  await world.update({ state: 'Enabled', isEnabled: true });
  await world.until(() => world.cursor()?.marks[0] === 4);
  assert.deepEqual(world.calls, [['a'], ['d']]);
  assert.equal(world.warnings.length, 1);
  await world.stop();
});

test('what waited here while the shard was run elsewhere is not run again', async () => {
  const world = await MappingWorld.with({ windowSeconds: 5 });
  world.start();
  await world.put(0, 'a', 'b');
  await world.pass(1_000);
  const key = `${uuid}/${world.stream.id}/0`;
  await world.journal.commit(() => [{ kind: 'said', of: 'cursor', key, value: { marks: [1] } }]);
  // It was away and is back before anybody here has looked.
  world.terms += 1;
  await world.until(() => world.cursor()?.marks[0] === 2);
  assert.deepEqual(world.calls, [['b']]);
  await world.stop();
});

test('a shard that is to move is handed over once its call is checkpointed, and nothing of it is run', async () => {
  const world = await MappingWorld.with({ batchSize: 1 });
  world.isHeld = true;
  world.start();
  await world.put(0, 'a', 'b');
  await world.until(() => world.events.length === 1);
  world.isToMove = true;
  world.tellPlaces();
  await world.pass(1_000);
  assert.deepEqual(world.history, ['call a']);
  world.release();
  await world.until(() => world.history.length > 1);
  await world.pass(5_000);
  assert.deepEqual(world.history, ['call a', 'handed over at 1']);
  world.place(true);
  await world.until(() => world.cursor()?.marks[0] === 2);
  assert.deepEqual(world.calls, [['a'], ['b']]);
  await world.stop();
});

test('where a shard comes to, the journal is read before it is begun with', async () => {
  const world = await MappingWorld.with();
  await world.put(0, 'a', 'b');
  const key = `${uuid}/${world.stream.id}/0`;
  world.beforeRead = () =>
    world.journal.commit((state) =>
      state.get('cursor', key) === undefined
        ? [{ kind: 'said', of: 'cursor', key, value: { marks: [1] } }]
        : [],
    );
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 2);
  assert.deepEqual(world.calls, [['b']]);
  await world.stop();
});
