import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf, textsOf } from '../../../harness/shard-text.ts';
import { StartError } from '../../../src/env/start-error.ts';
import { ArchiveError } from '../../../src/log/log.ts';
import { settled } from '../world.ts';
import { ArchivedLog, archivePass, textsFrom } from './archived-log.ts';
import { FakeStore } from './fake-store.ts';
import { EngineOnFakeDisk } from './on-fake-disk.ts';

test('old segments lie in the store and not on the disk, and are read from there', async () => {
  const archived = await new ArchivedLog().open();
  await archived.append(0, 40);
  assert.ok((await archived.archive()) > 3);
  assert.deepEqual((await archived.filesOf()).filter((name) => name.endsWith('.log')).length, 1);
  await archived.append(40, 45);
  for (const shard of [0, 1]) assert.deepEqual(await textsOf(archived.shard(shard)), textsFrom(0, 45));
  await archived.reopen();
  for (const shard of [0, 1]) assert.deepEqual(await textsOf(archived.shard(shard)), textsFrom(0, 45));
});

test('a time in the archive is found exactly', async () => {
  const archived = await new ArchivedLog().open();
  const begun = archived.engine.clock.time;
  await archived.append(0, 40);
  await archived.archive();
  for (let offset = 0; offset < 40; offset += 7) {
    assert.equal(await archived.shard(1).seek(begun + 1_000 * offset + 500), offset);
  }
});

test('records that are not old stay on the disk', async () => {
  const archived = await new ArchivedLog().open();
  await archived.append(0, 40);
  const files = await archived.filesOf();
  assert.equal(await archivePass(archived.log), 0);
  assert.deepEqual(await archived.filesOf(), files);
});

test('an open needs neither the store nor the files of what is archived', async () => {
  const archived = await new ArchivedLog().open();
  await archived.append(0, 40);
  await archived.archive();
  archived.store.fate = () => 'refused';
  await archived.reopen();
  const calls = archived.store.calls;
  assert.deepEqual(
    await archived
      .shard(0)
      .position()
      .then(({ start, end }) => [start, end]),
    [0, 40],
  );
  assert.equal(archived.store.calls, calls);
});

test('while the store does not answer, reads of the archive fail and all else goes on', async () => {
  const archived = await new ArchivedLog().open();
  await archived.append(0, 40);
  await archived.archive();
  await archived.append(40, 45);
  archived.store.fate = () => 'silent';
  await assert.rejects(archived.shard(0).read(0, { records: 1, bytes: 1 }), ArchiveError);
  await archived.append(45, 47);
  assert.deepEqual(await textsOf(archived.shard(0), 40), textsFrom(40, 47));
  archived.store.fate = () => undefined;
  assert.deepEqual(await textsOf(archived.shard(0)), textsFrom(0, 47));
});

test('what the store has changed is not read, and the stream takes records', async () => {
  const archived = await new ArchivedLog().open();
  await archived.append(0, 40);
  await archived.archive();
  archived.store.lie = (_, body) => Buffer.from(body.map((byte) => byte ^ 1));
  await assert.rejects(archived.shard(0).read(0, { records: 1, bytes: 1 }), ArchiveError);
  archived.store.lie = (_, body) => body.subarray(0, -20);
  await assert.rejects(textsOf(archived.shard(1)), ArchiveError);
  archived.store.lie = (_, body) => body;
  archived.store.objects.delete(archived.store.keys.find((key) => key.includes('streams/'))!);
  await assert.rejects(archived.shard(0).read(0, { records: 1, bytes: 1 }), ArchiveError);
  await archived.append(40, 41);
});

test('a store that keeps other bytes than it was given archives nothing', async () => {
  const archived = await new ArchivedLog().open();
  await archived.append(0, 40);
  archived.store.lie = (key, body) =>
    key.endsWith('.log') ? Buffer.from(body.map((byte, at) => byte ^ Number(at === 300))) : body;
  await assert.rejects(archived.archive(), /is not what was put there/);
  archived.store.lie = (_, body) => body;
  archived.store.objects.clear();
  assert.deepEqual(await textsOf(archived.shard(0)), textsFrom(0, 40));
});

test('a segment that is damaged on the disk is reported and stays there', async () => {
  const archived = await new ArchivedLog().open();
  await archived.append(0, 40);
  archived.engine.disk.file('logs/stream/000000000001.log').bytes[700]! ^= 1;
  assert.equal(await archived.archive(), 0);
  assert.ok((await archived.filesOf()).includes('000000000001.log'));
  await assert.rejects(archived.shard(0).append(batchOf('more')), /damaged at byte/);
});

test('what nobody can read any more leaves the store, from the oldest on', async () => {
  const archived = await new ArchivedLog().open();
  await archived.append(0, 40);
  await archived.archive();
  const before = archived.store.keys.length;
  for (const shard of [0, 1]) await archived.shard(shard).trim(20);
  await archivePass(archived.log);
  assert.ok(archived.store.keys.length < before);
  assert.deepEqual(await textsOf(archived.shard(0)), textsFrom(20, 40));
  for (const shard of [0, 1]) await archived.shard(shard).trim(40);
  await archivePass(archived.log);
  assert.deepEqual(archived.store.keys, ['millrace/owner.json']);
  await archived.reopen();
  await archived.append(40, 50);
  assert.deepEqual(await textsOf(archived.shard(0)), textsFrom(40, 50));
});

test('the objects of a stream that was dropped go, however late the store answers', async () => {
  const archived = await new ArchivedLog().open();
  await archived.append(0, 40);
  await archived.append(0, 40, 'other');
  await archived.archive();
  await archived.log.drop('stream');
  archived.store.fate = ({ kind }) => (kind === 'delete' ? 'refused' : undefined);
  await assert.rejects(archivePass(archived.log), /SlowDown/);
  archived.store.fate = () => undefined;
  await archived.reopen();
  await archivePass(archived.log);
  assert.deepEqual(
    archived.store.keys.filter((key) => key.includes('streams/stream/')),
    [],
  );
  assert.deepEqual(
    (await archived.engine.disk.list('logs')).filter((name) => name.includes('dropped')),
    [],
  );
  assert.deepEqual(await textsOf(archived.shard(0, 'other')), textsFrom(0, 40));
});

test('two data directories cannot have one archive', async () => {
  const one = await new ArchivedLog().open();
  await archivePass(one.log);
  const engine = new EngineOnFakeDisk();
  engine.random.bytes(100);
  const other = await new ArchivedLog(engine, one.store.copy()).open();
  await other.append(0, 40);
  await assert.rejects(other.archive(), StartError);
  assert.equal((await other.filesOf()).filter((name) => name === 'archived').length, 0);
});

test('of two copies of a data directory the one that starts later has the archive', async () => {
  const one = await new ArchivedLog().open();
  await one.append(0, 40);
  await archivePass(one.log);
  const copied = new EngineOnFakeDisk(one.engine.disk.copy());
  copied.random.bytes(100);
  const other = await new ArchivedLog(copied, new FakeStore(one.store.objects)).open();
  await archivePass(other.log);
  const files = await one.filesOf();
  await assert.rejects(one.archive(), StartError);
  assert.deepEqual(
    (await one.filesOf()).filter((name) => name.endsWith('.log') && files.includes(name)),
    files,
  );
});

test('without its archive a directory is served but for what is archived', async () => {
  const archived = await new ArchivedLog().open();
  await archived.append(0, 40);
  await archived.archive();
  await archived.append(40, 42);
  await archived.log.close();
  archived.log = await archived.engine.open();
  assert.deepEqual(await textsOf(archived.shard(0), 40), textsFrom(40, 42));
  await assert.rejects(archived.shard(0).read(0, { records: 1, bytes: 1 }), /no archive was named/);
});

test('what lies in the store under the id of a stream of before is none of the new one', async () => {
  const archived = await new ArchivedLog().open();
  const stale = 'millrace/streams/stream/000000000900-0123456789abcdef-01234567.log';
  archived.store.objects.set(stale, Buffer.from('stale'));
  await archived.append(0, 40);
  await archived.archive();
  assert.ok(!archived.store.keys.includes(stale));
  assert.deepEqual(await textsOf(archived.shard(0)), textsFrom(0, 40));
});

test('a reader of the disk does not wait for the store', async () => {
  const archived = await new ArchivedLog().open();
  await archived.append(0, 40);
  await archived.archive();
  await archived.append(40, 80);
  // All footers are known, and no block is kept.
  await archived.reopen({ indexEntriesMax: 1_000, blockCacheBytesMax: 0 });
  await textsOf(archived.shard(0));
  archived.engine.clock.sleep = () => new Promise(() => {});
  archived.store.fate = () => 'silent';
  const waiting = [0, 5, 10, 15, 20, 25, 30, 35].map((from) => archived.shard(0).read(from, oneRecord));
  for (const read of waiting) read.catch(() => {});
  const late = settled().then(() => assert.fail('It waits for the store.'));
  late.catch(() => {});
  const texts = await Promise.race([textsOf(archived.shard(0), 60), late]);
  assert.deepEqual(texts, textsFrom(60, 80));
});

const oneRecord = { records: 1, bytes: 1 };
