import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../../harness/shard-text.ts';
import { recordsOf } from '../../../src/kinesis/record.ts';
import type { Engine } from '../../../src/log/log.ts';
import { EngineOnFakeDisk } from './on-fake-disk.ts';

test('what is read from among the records of many shards does not keep theirs in memory', async () => {
  const engine = new EngineOnFakeDisk();
  const log = await engine.open({});
  const shards = numbered(0, 64).map((_, shard) => new OneShard(log, { stream: 'stream', shard }));
  const batch = batchOf('x'.repeat(5_000));
  for (let round = 0; round < 12; round++) await Promise.all(shards.map((shard) => shard.append(batch)));
  const batches = await shards[7]!.read(0, { records: 100, bytes: 1_000_000 });
  assert.equal(batches.length, 12);
  const kept = new Set(batches.map(({ bytes }) => bytes.buffer));
  const keptBytes = [...kept].reduce((sum, { byteLength }) => sum + byteLength, 0);
  assert.ok(keptBytes < 3 * 12 * batch.bytes.length, `${keptBytes} bytes are kept`);
});

for (const [size, times] of Object.entries({ 'small part': 20, 'large part': 400 })) {
  test(`what is a ${size} of a block stays as it was read, whatever is read after it`, async () => {
    const engine = new EngineOnFakeDisk();
    const sizes = { segmentBytes: 50_000, indexStepBytes: 1_000 };
    const options = { ...sizes, blockBytes: 10_000, blockCacheBytesMax: 20_000 };
    const texts = numbered(0, 100).map((text) => text.repeat(times));
    const log = await engine.open(options);
    for (const shard of eightShards(log)) for (const text of texts) await shard.append(batchOf(text));
    await log.close();
    const shards = eightShards(await engine.open(options));
    const limit = { records: texts.length, bytes: 10_000_000 };
    const read = await Promise.all(shards.map((shard) => shard.read(0, limit)));
    for (const batches of read) {
      const records = batches.flatMap((batch) => [...recordsOf(batch)]);
      assert.deepEqual(
        records.map(({ data }) => String(data)),
        texts,
      );
    }
  });
}

test('who passes reads what is stored, and what others read there stays theirs', async () => {
  const engine = new EngineOnFakeDisk();
  const options = { segmentBytes: 50_000, indexStepBytes: 1_000, blockBytes: 10_000 };
  const texts = numbered(0, 100).map((text) => text.repeat(400));
  const log = await engine.open(options);
  const batches = texts.map((text) => batchOf(text));
  for (const { bytes, count } of batches)
    await new OneShard(log, key).append({ bytes: Buffer.from(bytes), count });
  await log.close();
  const records = await engine.open(options);
  const request = { from: 0, since: 0, limit: { records: texts.length, bytes: 10_000_000 } };
  const stored = Buffer.concat(batches.map(({ bytes }) => bytes));
  const before = await records.read(key, request);
  const passed = await records.read(key, { ...request, own: true, isPassing: true });
  const after = await records.read(key, request);
  for (const { batches: read } of [before, passed, after])
    assert.ok(Buffer.concat(read.map(({ bytes }) => bytes)).equals(stored));
});

const key = { stream: 'stream', shard: 0 };

function eightShards(log: Engine): OneShard[] {
  return numbered(0, 8).map((_, shard) => new OneShard(log, { stream: 'stream', shard }));
}

test('a record larger than all steps of a reader is read whole, alone and among others', async () => {
  const engine = new EngineOnFakeDisk();
  const log = await engine.open({});
  const shard = new OneShard(log, { stream: 'stream', shard: 0 });
  const texts = ['small', 'x'.repeat(10 * 1024 * 1024), 'small again'];
  for (const text of texts) await shard.append(batchOf(text));
  assert.deepEqual(await textsOf(shard), texts);
  assert.equal((await shard.read(1, { records: 1, bytes: 1 })).length, 1);
});

test('few files are open, however many segments are read', async () => {
  const engine = new EngineOnFakeDisk();
  const log = await engine.open({ segmentBytes: 500, openFilesMax: 3 });
  const shard = new OneShard(log, { stream: 'stream', shard: 0 });
  for (const text of numbered(0, 60)) await shard.append(batchOf(text));
  assert.ok((await engine.disk.list('logs/stream')).length > 10);
  for (let from = 0; from < 60; from += 7) await textsOf(shard, from);
  assert.ok(engine.disk.openFiles <= 3, `${engine.disk.openFiles} are open`);
  await log.close();
  assert.equal(engine.disk.openFiles, 0);
});
