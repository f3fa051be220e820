import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../../../harness/shard-text.ts';
import { EngineOnFakeDisk } from '../on-fake-disk.ts';

const limit = { records: 1_000, bytes: 1_000_000 };

/** A shard's log, and how often its disk was read. */
async function openShard(tailBytesMax: number) {
  const engine = new EngineOnFakeDisk();
  const log = await engine.open({ tailBytesMax });
  const shard = new OneShard(log, { stream: 'stream', shard: 0 });
  let reads = 0;
  engine.disk.fate = ({ kind }) => {
    if (kind === 'read') reads += 1;
    return undefined;
  };
  const readsOf = async <T>(work: () => Promise<T>) => {
    const before = reads;
    await work();
    return reads - before;
  };
  return { engine, log, shard, readsOf };
}

test('a reader of what was written last never reads the disk', async () => {
  const { shard, readsOf } = await openShard(1_000_000);
  for (const text of numbered(0, 20)) await shard.append(batchOf(text));
  assert.equal(await readsOf(() => shard.read(0, limit)), 0);
  assert.deepEqual(await textsOf(shard, 7), numbered(7, 20));
});

test('a reader goes from the disk over to memory without a gap, and finds the same batches in both', async () => {
  const { shard, readsOf } = await openShard(6_000);
  for (const text of numbered(0, 40)) await shard.append(batchOf(text));
  assert.notEqual(await readsOf(() => shard.read(0, limit)), 0);
  assert.equal(await readsOf(() => shard.read(39, limit)), 0);
  const without = await openShard(0);
  for (const text of numbered(0, 40)) await without.shard.append(batchOf(text));
  for (let from = 0; from <= 40; from++) {
    const one = { records: 1, bytes: 1 };
    assert.deepEqual(await shard.read(from, one), await without.shard.read(from, one));
  }
});

test('memory keeps to its limit, whatever the size of the rounds', async () => {
  const { shard, readsOf } = await openShard(20_000);
  await shard.append(batchOf('x'.repeat(30_000)));
  assert.notEqual(await readsOf(() => shard.read(0, limit)), 0);
  await shard.append(batchOf('small'));
  assert.equal(await readsOf(() => shard.read(1, limit)), 0);
});

test('memory holds what was handed in, whatever becomes of the buffer', async () => {
  const { shard, readsOf } = await openShard(100_000);
  const { count, bytes } = batchOf('x'.repeat(20_000));
  await shard.append({ count, bytes });
  const before = await textsOf(shard);
  bytes.fill(0);
  assert.equal(await readsOf(() => shard.read(0, limit)), 0);
  assert.deepEqual(await textsOf(shard), before);
});

test('a reader keeps what it has read when newer records take its place in memory', async () => {
  const { shard, readsOf } = await openShard(5_000);
  await shard.append(batchOf('first'));
  assert.equal(await readsOf(() => shard.read(0, limit)), 0);
  const [read] = await shard.read(0, limit);
  const before = Buffer.from(read!.bytes);
  for (const text of numbered(0, 40)) await shard.append(batchOf(text));
  assert.deepEqual(read!.bytes, before);
});

test('memory is found to hold each record however frames of all sizes follow one another', async () => {
  for (const size of [700, 1_300, 2_500, 4_999, 5_000]) {
    const { shard } = await openShard(5_000);
    const texts = numbered(0, 30).map((text, index) => text.padEnd(1 + ((index * size) % 4_000), '.'));
    for (const text of texts) {
      await shard.append(batchOf(text));
      assert.deepEqual((await textsOf(shard)).at(-1), text);
    }
    assert.deepEqual(await textsOf(shard), texts);
  }
});

test('what was refused is not read from memory', async () => {
  const { engine, shard } = await openShard(1_000_000);
  await shard.append(batchOf('stored'));
  engine.disk.fate = ({ kind }) => (kind === 'write' ? 'ENOSPC' : undefined);
  await assert.rejects(shard.append(batchOf('refused')), { code: 'ENOSPC' });
  engine.disk.fate = () => undefined;
  await shard.append(batchOf('stored again'));
  assert.deepEqual(await textsOf(shard), ['stored', 'stored again']);
});

test('what was trimmed, or dropped, is not read from memory', async () => {
  const { log, shard } = await openShard(1_000_000);
  for (const text of numbered(0, 10)) await shard.append(batchOf(text));
  await shard.trim(4);
  assert.deepEqual(await textsOf(shard), numbered(4, 10));
  await shard.seal();
  assert.deepEqual(await textsOf(shard), numbered(4, 10));
  await log.drop('stream');
  await assert.rejects(shard.read(4, limit), { name: 'DroppedError' });
});
