import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeliveryTestWorld, linesOf, specOf, targetOf } from './delivery-test-world.ts';

test('records are in an object once there are enough of them, or some time after the first of them', async () => {
  const world = await DeliveryTestWorld.with();
  world.start();
  await world.pass(1_000);
  const lines = linesFrom(0, 13);
  await world.put(0, ...lines.slice(0, 12));
  await world.until(() => world.delivered.length === 12, 5_000);
  await world.put(0, lines[12]!);
  await world.pass(9_000);
  assert.equal(world.delivered.length, 12);
  await world.until(() => world.delivered.length === 13, 2_000);
  assert.deepEqual(
    world
      .objectsIn('b')
      .map((each) => each.length)
      .sort(),
    [1, 12],
  );
  assert.deepEqual(world.delivered, lines);
  assert.equal(world.sight.state, 'running');
  assert.equal(world.sight.records, 13);
  await world.stop();
});

test('what is being read when the server closes is read again, and what is being put is put', async () => {
  const world = await DeliveryTestWorld.with();
  world.store.delayOf = () => 3_000;
  world.start();
  await world.put(0, ...linesFrom(0, 12));
  await world.until(() => world.store.puts.length === 1);
  await world.put(0, ...linesFrom(12, 13));
  await world.pass(500);
  await world.stop();
  assert.equal(world.progress?.plan, undefined);
  assert.deepEqual(world.delivered, linesFrom(0, 12));
  world.start();
  await world.until(() => world.delivered.length === 13);
  assert.deepEqual(world.delivered, linesFrom(0, 13));
  await world.stop();
});

for (const what of ['commit', 'put', 'read', 'current'])
  for (const when of ['before', 'after'] as const)
    test(`every record is in one object when the server is killed ${when} a ${what}`, async () => {
      const world = await DeliveryTestWorld.with({}, 2);
      await world.put(0, ...linesFrom(0, 20));
      await world.put(1, ...linesFrom(20, 40));
      for (let life = 0; life < 6; life++) {
        world.start();
        await world.pass(200 * life);
        world.crashAt(what, when);
        await world.until(() => !world.isRunning || world.delivered.length === 40, 30_000);
        world.crash();
      }
      world.start();
      await world.until(() => world.delivered.length >= 40 && world.progress?.plan === undefined);
      assert.deepEqual(world.delivered, linesFrom(0, 40));
      world.crash();
    });

test('a plan that is found is done again under the same names', async () => {
  const world = await DeliveryTestWorld.with();
  world.store.fateOf = () => 'stored, and its answer is lost';
  await world.put(0, ...linesFrom(0, 12));
  world.start();
  await world.until(() => world.store.puts.length === 3);
  world.crash();
  world.store.fateOf = () => 'stored';
  world.start();
  await world.until(() => world.progress?.plan === undefined);
  assert.equal(new Set(world.store.puts).size, 1);
  assert.deepEqual(world.delivered, linesFrom(0, 12));
  await world.stop();
});

test('what is put gives its memory back, and not before the store has it', async () => {
  const world = await DeliveryTestWorld.with();
  const handed: (readonly Uint8Array[])[] = [];
  const put = world.store.put.bind(world.store);
  world.store.put = async (place, bytes) => {
    handed.push(bytes);
    return await put(place, bytes);
  };
  world.store.fateOf = () => (handed.length < 3 ? 'lost' : 'stored');
  await world.put(0, ...linesFrom(0, 12));
  world.start();
  await world.until(() => world.progress?.plan === undefined && world.delivered.length === 12);
  assert.equal(handed.length, 3);
  assert.deepEqual(world.delivered, linesFrom(0, 12));
  assert.equal(
    handed.flat().reduce((sum, { length }) => sum + length, 0),
    0,
  );
  await world.stop();
});

test('what an earlier attempt has put under other names is removed', async () => {
  const world = await DeliveryTestWorld.with();
  await world.put(0, ...linesFrom(0, 12));
  world.start();
  world.crashAt('put', 'after');
  await world.until(() => !world.isRunning);
  const [before] = world.namesIn('b');
  assert.match(before!, /^b\/2023\//);
  const target = targetOf('b', 'elsewhere/');
  const changed = specOf({
    revision: '2',
    destination: { kind: 's3', target, form: { kind: 'text', compression: 'NONE' } },
  });
  world.want(changed);
  world.crash();
  world.start();
  await world.until(() => world.progress?.nextChunk === 1);
  assert.deepEqual(
    world.namesIn('b').map((name) => name.slice(0, 12)),
    ['b/elsewhere/'],
  );
  assert.deepEqual(world.delivered, linesFrom(0, 12));
  await world.stop();
});

test('what is in an object and no longer in the stream stays in it', async () => {
  const world = await DeliveryTestWorld.with();
  await world.put(0, ...linesFrom(0, 6));
  await world.put(0, ...linesFrom(6, 12));
  world.start();
  world.crashAt('put', 'after');
  await world.until(() => !world.isRunning);
  world.crash();
  await world.log.trim({ stream: world.stream.id, shard: 0 }, 6);
  await world.put(0, ...linesFrom(12, 24));
  world.start();
  await world.until(() => world.delivered.length === 24);
  assert.deepEqual(world.delivered, linesFrom(0, 24));
  await world.stop();
});

test('what was put and is partly no longer in the stream is in no other object besides, whatever its name', async () => {
  const world = await DeliveryTestWorld.with();
  await world.put(0, ...linesFrom(0, 6));
  // An hour later: the name of what is left of the chunk says another one.
  await world.pass(3_600_000);
  await world.put(0, ...linesFrom(6, 12));
  world.start();
  world.crashAt('put', 'after');
  await world.until(() => !world.isRunning);
  const put = world.namesIn('b');
  world.crash();
  await world.log.trim({ stream: world.stream.id, shard: 0 }, 6);
  world.start();
  await world.until(() => world.progress?.nextChunk === 1);
  assert.deepEqual(world.namesIn('b'), put);
  assert.deepEqual(world.delivered, linesFrom(0, 12));
  await world.stop();
});

test('what was not put before some of it expired is made of what is left, and what goes elsewhere replaces all', async () => {
  for (const isElsewhere of [false, true]) {
    const query = isElsewhere ? '{p: "x"}' : undefined;
    const world = await DeliveryTestWorld.with({ backup: targetOf('all') });
    await world.put(0, ...linesFrom(0, 6));
    await world.pass(3_600_000);
    await world.put(0, ...linesFrom(6, 12));
    world.store.fateOf = (name) => (name.startsWith('all/') ? 'stored' : 'lost');
    world.start();
    await world.until(() => world.namesIn('all').length === 1);
    world.crash();
    world.store.fateOf = () => 'stored';
    await world.log.trim({ stream: world.stream.id, shard: 0 }, 6);
    if (query !== undefined) {
      const target = targetOf('b', '!{partitionKeyFromQuery:p}/');
      const partitioning = { query, activeMax: 5 };
      const { stages } = specOf();
      const destination = { kind: 's3', target, form: { kind: 'text', compression: 'NONE' } } as const;
      world.want(
        specOf({ revision: '2', destination, backup: targetOf('all'), stages: { ...stages, partitioning } }),
      );
    }
    world.start();
    await world.until(() => world.progress?.nextChunk === 1);
    assert.deepEqual(world.delivered, isElsewhere ? [] : linesFrom(6, 12));
    const backup = world.objectsIn('all').flat().join('');
    assert.deepEqual(backup, linesFrom(isElsewhere ? 6 : 0, 12).join(''));
    await world.stop();
  }
});

test('children are read after their parents, and all of them', async () => {
  const world = await DeliveryTestWorld.with({}, 2);
  await world.put(0, ...linesFrom(0, 5));
  await world.put(1, ...linesFrom(5, 10));
  await world.reshard({ kind: 'merge', shards: [0, 1], since: 0 });
  await world.put(2, ...linesFrom(10, 20));
  world.unreadable.add(0);
  world.start();
  await world.pass(2_000);
  world.unreadable.delete(0);
  await world.until(() => world.delivered.length === 20);
  await world.reshard({ kind: 'split', shard: 2, at: 2n ** 100n, since: 0 });
  await world.put(3, ...linesFrom(20, 30));
  await world.until(() => world.delivered.length === 30);
  const inOrder = world.store.puts.flatMap((name) => linesOf(world.store.objects.get(name)!));
  assert.deepEqual(inOrder.slice(0, 10).sort(), linesFrom(0, 10));
  assert.deepEqual(inOrder.slice(10), linesFrom(10, 30));
  assert.equal(world.progress?.done[2]?.isFinished, true);
  await world.stop();
});

test('a delivery that is changed ends what it has read by what it was, and goes on by what it is', async () => {
  const world = await DeliveryTestWorld.with();
  world.start();
  await world.put(0, ...linesFrom(0, 3));
  await world.pass(1_000);
  const target = targetOf('c');
  world.want(
    specOf({
      revision: '2',
      destination: { kind: 's3', target, form: { kind: 'text', compression: 'NONE' } },
    }),
  );
  await world.until(() => world.delivered.length === 3, 1_000);
  await world.put(0, ...linesFrom(3, 6));
  await world.until(() => world.objectsIn('c').flat().length === 3);
  assert.deepEqual(world.delivered, linesFrom(0, 3));
  assert.deepEqual(world.objectsIn('c').flat(), linesFrom(3, 6));
  await world.stop();
});

test('the progress of a delivery that is gone is forgotten', async () => {
  const world = await DeliveryTestWorld.with();
  world.start();
  await world.put(0, ...linesFrom(0, 12));
  await world.until(() => world.delivered.length === 12);
  world.want();
  await world.until(() => world.progress === undefined);
  await world.stop();
});

test('a delivery that goes while a plan is made again elsewhere leaves no record twice', async () => {
  const world = await DeliveryTestWorld.with();
  await world.put(0, ...linesFrom(0, 12));
  world.start();
  world.crashAt('put', 'after');
  await world.until(() => !world.isRunning);
  world.crash();
  const target = targetOf('b', 'elsewhere/');
  const form = { kind: 'text', compression: 'NONE' } as const;
  world.want(specOf({ revision: '2', destination: { kind: 's3', target, form } }));
  world.start();
  world.crashAt('put', 'after');
  await world.until(() => !world.isRunning);
  assert.equal(world.namesIn('b').length, 2);
  world.crash();
  world.want();
  world.store.refusesToDelete = true;
  world.start();
  await world.pass(10_000);
  assert.notEqual(world.progress, undefined);
  world.store.refusesToDelete = false;
  await world.until(() => world.progress === undefined);
  assert.deepEqual(
    world.namesIn('b').map((name) => name.slice(0, 12)),
    ['b/elsewhere/'],
  );
  assert.deepEqual(world.delivered, linesFrom(0, 12));
  await world.stop();
});

test('what was planned for a bucket that is not there goes where a change of the settings says', async () => {
  const form = { kind: 'text', compression: 'NONE' } as const;
  const world = await DeliveryTestWorld.with({
    destination: { kind: 's3', target: targetOf('typo'), form },
  });
  world.store.fateOf = (name) => (name.startsWith('typo/') ? 'no bucket' : 'stored');
  await world.put(0, ...linesFrom(0, 12));
  world.start();
  await world.until(() => world.sight.state === 'failing');
  world.want(specOf({ revision: '2' }));
  await world.until(() => world.progress?.nextChunk === 1, 300_000);
  assert.deepEqual(world.delivered, linesFrom(0, 12));
  assert.equal(world.sight.state, 'running');
  await world.stop();
});

test('a store that refuses holds a delivery up, which says why, and nothing is lost', async () => {
  const world = await DeliveryTestWorld.with();
  world.store.fateOf = () => 'lost';
  world.start();
  await world.put(0, ...linesFrom(0, 12));
  await world.until(() => world.sight.state === 'failing');
  assert.equal(world.sight.reason, 'Unreachable: The store does not answer.');
  await world.pass(100_000);
  assert(world.sight.freshnessMs >= 100_000);
  assert(world.store.puts.length < 10);
  world.store.fateOf = () => 'stored';
  await world.until(() => world.delivered.length === 12);
  assert.equal(world.sight.state, 'running');
  assert.equal(world.sight.freshnessMs, 0);
  await world.stop();
});

test('CloudWatch hears what was put, how far behind it is, and that there were too many partitions', async () => {
  const { stages, source } = specOf();
  const target = targetOf('b', '!{partitionKeyFromQuery:p}/');
  const changes = {
    destination: { kind: 's3', target, form: { kind: 'text', compression: 'NONE' } },
    stages: { ...stages, partitioning: { query: '{p: .p}', activeMax: 2 } },
  } as const;
  const world = await DeliveryTestWorld.with(changes);
  await world.put(0, '{"p":"a"}', '{"p":"b"}');
  await world.put(0, ...Array.from({ length: 12 }, () => '{"p":"c"}'));
  world.start();
  const { counts } = world;
  await world.until(() => counts.has('DeliveryToS3.DataFreshness'));
  assert.equal(counts.get('DataReadFromKinesisStream.Records'), 14);
  assert.equal(counts.get('KinesisMillisBehindLatest'), 0);
  assert.equal(counts.get('PartitionCount'), 2);
  assert.equal(counts.get('PartitionCountExceeded'), 1);
  assert.equal(counts.get('ActivePartitionsLimit'), 2);
  assert.equal(counts.get('IncomingRecords'), undefined);
  world.want(specOf({ ...changes, revision: '2', source: { ...source, arn: undefined } }));
  await world.pass(1_000);
  await world.put(0, '{"p":"a"}', '{"p":"b"}');
  await world.until(() => counts.has('IncomingBytes'));
  assert.equal(counts.get('IncomingRecords'), 2);
  assert.equal(counts.get('IncomingBytes'), 18);
  assert.equal(counts.get('PartitionCountExceeded'), 1);
  await world.stop();
});

test('CloudWatch hears how many bytes of a channel were stored', async () => {
  const { owner } = specOf();
  const world = await DeliveryTestWorld.with({ owner: { ...owner, kind: 'channel' } });
  await world.put(0, ...linesFrom(0, 12));
  world.start();
  await world.until(() => world.counts.has('DeliveryToS3.BytesOut'));
  const stored = [...world.store.objects.values()].reduce((sum, { length }) => sum + length, 0);
  assert.equal(world.counts.get('DeliveryToS3.BytesOut'), stored);
  await world.stop();
});

test('a delivery that cannot keep up says how far behind the newest record it is', async () => {
  const world = await DeliveryTestWorld.with();
  // More than one read has: the rest of the shard is there, and not in the chunk.
  const large = linesFrom(0, 12).map((line) => line.padEnd(60_000));
  for (let old = 0; old < 3; old++) await world.put(0, ...large);
  await world.pass(7_000);
  await world.put(0, ...large);
  world.start();
  await world.until(() => world.counts.has('KinesisMillisBehindLatest'));
  assert.ok(world.counts.get('KinesisMillisBehindLatest')! >= 7_000);
  world.crash();
});

test('what waits becomes older, whether it is read or not', async () => {
  const world = await DeliveryTestWorld.with();
  world.objects = undefined;
  world.start();
  await world.until(() => world.sight.state === 'waiting');
  assert.equal((await world.lookAround()).freshnessMs, 0);
  await world.put(0, 'a');
  await world.pass(60_000);
  assert.equal((await world.lookAround()).freshnessMs, 60_000);
  await world.pass(1_000);
  assert.equal(world.sight.freshnessMs, 61_000);
  world.crash();
  world.objects = world.store;
  world.isPlacedHere = false;
  world.start();
  await world.until(() => world.sight.state === 'elsewhere');
  assert.ok((await world.lookAround()).freshnessMs >= 61_000);
  world.place(true);
  await world.until(() => world.delivered.length === 1);
  await world.until(() => world.progress?.nextChunk === 1);
  assert.equal((await world.lookAround()).freshnessMs, 0);
  await world.stop();
});

test('what objects cannot be made of becomes older', async () => {
  const query = '{p: "x"}';
  const { stages } = specOf();
  const target = targetOf('b', 'wrong !{nothing:of-this}/');
  const world = await DeliveryTestWorld.with({
    stages: { ...stages, partitioning: { query, activeMax: 5 } },
    destination: { kind: 's3', target, form: { kind: 'text', compression: 'NONE' } },
  });
  await world.put(0, 'a');
  await world.pass(5_000);
  world.start();
  await world.until(() => world.sight.state === 'failing');
  await world.until(() => (world.counts.get('DeliveryToS3.DataFreshness') ?? 0) > 0);
  assert.ok((await world.lookAround()).freshnessMs >= 5_000);
  world.crash();
});

test('a delivery from the end on begins with what is put after it', async () => {
  const { source } = specOf();
  const world = await DeliveryTestWorld.with({ source: { ...source, start: { kind: 'LATEST' } } });
  await world.put(0, ...linesFrom(0, 12));
  world.start();
  await world.until(() => world.progress !== undefined);
  await world.put(0, ...linesFrom(12, 24));
  await world.until(() => world.delivered.length === 12);
  assert.deepEqual(world.delivered, linesFrom(12, 24));
  await world.stop();
});

test('a delivery that ends does so where the shards ended when it began, and says how far it is', async () => {
  const { source } = specOf();
  const world = await DeliveryTestWorld.with({ id: 'firehose/1', source: { ...source, isOnce: true } }, 2);
  await world.put(0, ...linesFrom(0, 12));
  await world.put(1, ...linesFrom(12, 13));
  world.store.delayOf = () => 5_000;
  world.start();
  await world.until(() => world.progress !== undefined);
  await world.put(0, ...linesFrom(13, 40));
  await world.until(() => world.sight.once?.done === 12 || world.sight.state === 'over');
  await world.until(() => world.sight.state === 'over', 30_000);
  assert.deepEqual(world.sight.once, { done: 13, all: 13 });
  assert.deepEqual(world.delivered, linesFrom(0, 13));
  await world.stop();
});

test('what was put to a delivery stream directly is forgotten once it is delivered, and nothing else', async () => {
  const { source } = specOf();
  const world = await DeliveryTestWorld.with({ source: { ...source, arn: undefined } });
  world.store.fateOf = () => 'lost';
  world.start();
  await world.put(0, ...linesFrom(0, 12));
  await world.until(() => world.store.puts.length > 1);
  assert.equal(world.trimmed.get(0) ?? 0, 0);
  world.store.fateOf = () => 'stored';
  await world.until(() => world.trimmed.get(0) === 12);
  await world.stop();
});

test('a delivery that was gone on with elsewhere is begun anew with what that has noted', async () => {
  const world = await DeliveryTestWorld.with();
  world.store.delayOf = () => 1_000;
  world.start();
  await world.put(0, ...linesFrom(0, 12));
  await world.until(() => world.progress?.plan !== undefined);
  await world.put(0, ...linesFrom(12, 24));
  world.store.objects.set('b/of another', Buffer.from(linesFrom(12, 24).join('\n')));
  const done = { stream: world.stream.id, done: { 0: { next: 24 } }, nextChunk: 2 };
  await world.journal.commit(() => [{ kind: 'said', of: 'progress', key: 'firehose/1', value: done }]);
  await world.put(0, ...linesFrom(24, 36));
  await world.until(() => world.progress?.nextChunk === 3);
  assert.deepEqual(world.delivered, linesFrom(0, 36));
  await world.stop();
});

test('a delivery that is to move comes to an end first', async () => {
  const world = await DeliveryTestWorld.with();
  world.store.delayOf = () => 1_000;
  world.start();
  await world.put(0, ...linesFrom(0, 12));
  await world.until(() => world.store.puts.length === 1);
  world.isToMove = true;
  world.tellPlaces();
  await world.until(() => !world.isPlacedHere, 60_000);
  assert.equal(world.progress?.nextChunk, 1);
  assert.equal(world.sight.state, 'elsewhere');
  await world.put(0, ...linesFrom(12, 24));
  await world.pass(20_000);
  assert.equal(world.delivered.length, 12);
  world.place(true);
  await world.until(() => world.delivered.length === 24);
  await world.stop();
});

/** Sorted as texts, whose lines together are 9 bytes a record. */
function linesFrom(first: number, end: number): string[] {
  return Array.from({ length: end - first }, (_, index) => `line ${String(first + index).padStart(4, '0')}`);
}
