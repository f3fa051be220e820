import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../../harness/shard-text.ts';
import { DroppedError } from '../../../src/log/log.ts';
import { EngineOnFakeDisk } from './on-fake-disk.ts';

const directory = 'logs/stream';
const key = { stream: 'stream', shard: 0 };

/** A stream of several segments with two shards. */
async function filled() {
  const engine = new EngineOnFakeDisk();
  const log = await engine.open();
  const shard = new OneShard(log, key);
  const other = new OneShard(log, { ...key, shard: 1 });
  for (const text of numbered(0, 40))
    await Promise.all([shard.append(batchOf(text)), other.append(batchOf(text))]);
  return { engine, log, shard, other };
}

test('a segment is removed once no shard has a readable record in it', async () => {
  const { engine, shard, other } = await filled();
  const before = await engine.disk.list(directory);
  assert.ok(before.length >= 4);
  await shard.trim(40);
  assert.deepEqual(await engine.disk.list(directory), before);
  await other.trim(20);
  const after = await engine.disk.list(directory);
  assert.ok(after.length < before.length);
  assert.deepEqual(after, before.slice(-after.length));
  assert.deepEqual(await textsOf(other), numbered(20, 40));
});

test('a stream that is trimmed to its end gives back all space, and still knows where its shards stand', async () => {
  const { engine, shard, other } = await filled();
  const { lastArrival } = await shard.position();
  await other.seal();
  await Promise.all([shard.trim(40), other.trim(40)]);
  const [only, ...others] = await engine.disk.list(directory);
  assert.deepEqual(others, []);
  assert.ok(engine.disk.file(`${directory}/${only}`).bytes.length < 400);
  await Promise.all([shard.trim(40), other.trim(40)]);
  assert.deepEqual(await engine.disk.list(directory), [only]);
  const log = await new EngineOnFakeDisk(engine.disk.cutPower('nothing')).open();
  const again = new OneShard(log, key);
  assert.deepEqual(await again.position(), { start: 40, end: 40, lastArrival });
  assert.equal(await new OneShard(log, { ...key, shard: 1 }).seal(), 40);
  assert.equal((await again.append(batchOf('next'))).first, 40);
});

test('an idle stream gives its space back after a restart too', async () => {
  const { engine } = await filled();
  const after = new EngineOnFakeDisk(engine.disk.cutPower('nothing'));
  const log = await after.open();
  for (const number of [0, 1]) await new OneShard(log, { ...key, shard: number }).trim(40);
  assert.equal((await after.disk.list(directory)).length, 1);
});

test('the power may go while several segments are removed', async () => {
  for (let crashAt = 0, done = false; !done; crashAt++) {
    const { engine, shard, other } = await filled();
    const first = engine.disk.calls;
    engine.disk.fate = ({ index }) => (index === first + crashAt ? 'crash' : undefined);
    const trimmed = Promise.all([shard.trim(35), other.trim(35)]).then(() => true);
    done = await Promise.race([trimmed, engine.disk.crashed.then(() => false)]);
    for (let seed = 0; seed < 12; seed++) {
      const log = await new EngineOnFakeDisk(engine.disk.cutPower(seed)).open();
      const again = new OneShard(log, key);
      assert.deepEqual(await textsOf(again, 35), numbered(35, 40));
      await log.close();
    }
  }
});

test('a dropped stream is gone, also when the power goes right afterwards', async () => {
  const { engine, log, shard } = await filled();
  const appends = Promise.allSettled(
    numbered(40, 100).map((text) => shard.append(batchOf(text.padEnd(300)))),
  );
  await log.drop('stream');
  const refused = (await appends).filter((outcome) => outcome.status === 'rejected');
  assert.ok(refused.length > 0);
  for (const { reason } of refused) assert.ok(reason instanceof DroppedError);
  for (const survival of ['nothing', 'everything', 1, 2] as const) {
    const after = new EngineOnFakeDisk(engine.disk.cutPower(survival));
    assert.equal(await new OneShard(await after.open(), key).end(), 0);
    assert.deepEqual(await after.disk.list('logs'), []);
  }
});

test('a stream whose removal a crash cut short is removed at the next start', async () => {
  const { engine, log } = await filled();
  engine.disk.fate = ({ kind, path }) => (kind === 'remove' && path.endsWith('2.log') ? 'crash' : undefined);
  await Promise.race([log.drop('stream'), engine.disk.crashed]);
  const after = new EngineOnFakeDisk(engine.disk.cutPower('everything'));
  assert.deepEqual(await after.disk.list('logs'), ['stream.dropped']);
  await after.open();
  assert.deepEqual(await after.disk.list('logs'), []);
});

test('a reader that is overtaken by a trim reads on from the new start', async () => {
  const { shard, other } = await filled();
  const reads = [shard.read(0, { records: 100, bytes: 100_000 }), shard.seek(0)] as const;
  await Promise.all([shard.trim(38), other.trim(38)]);
  const [batches, sought] = await Promise.all(reads);
  const last = batches.at(-1)!;
  assert.equal(last.first + last.count, 40);
  assert.ok(sought === 0 || sought === 38);
});
