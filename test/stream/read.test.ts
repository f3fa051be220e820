import { OneShard } from '../../harness/one-shard.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBatch, recordsOf } from '../../src/kinesis/record.ts';
import type { Shard } from '../../src/kinesis/stream.ts';
import { type PageRequest, readPage } from '../../src/stream/read.ts';
import { sampleStream } from '../kinesis/sample.ts';
import { World } from './world.ts';

const shard: Shard = sampleStream(1).shards[0]!;
const MiB = 1024 * 1024;

/** The shard once it is closed, with so many records. */
function closedAt(end: number): Shard {
  return { ...shard, closed: { at: shard.createdAt, end, childrenAt: shard.createdAt + 1000 } };
}

/** Reads from the beginning, where nothing else is asked for. */
async function read(world: World, request: Partial<PageRequest> = {}, from: Shard = shard) {
  const log = new OneShard(world.log, { stream: '1', shard: 0 });
  const now = world.clock.now();
  const page = await readPage(from, log, {
    from: 0,
    recordsMax: 10_000,
    horizon: 0,
    now,
    bytesMax: 10 * MiB,
    ...request,
  });
  const records = page.batches.flatMap((batch) => [...recordsOf(batch)]);
  return { ...page, records, texts: records.map(({ data }) => String(data)) };
}

test('a page holds what follows an offset, and says where the next begins', async () => {
  const world = await World.with();
  await world.put(0, 'a', 'b', 'c');
  const { texts, next, bytes } = await read(world, { from: 1 });
  assert.deepEqual(texts, ['b', 'c']);
  assert.equal(next, 3);
  assert.equal(bytes, 2);
});

test('a page may end, and begin, within a batch', async () => {
  const world = await World.with();
  const log = new OneShard(world.log, { stream: '1', shard: 0 });
  const record = (text: string) => ({ partitionKey: 'k', data: Buffer.from(text) });
  await log.append(encodeBatch(['a', 'b', 'c', 'd'].map(record)));
  const { texts, next } = await read(world, { from: 1, recordsMax: 2 });
  assert.deepEqual(texts, ['b', 'c']);
  assert.equal(next, 3);
});

test('at the tip a page is empty, 0 ms behind, and no end of the shard', async () => {
  const world = await World.with();
  await world.put(0, 'a');
  await world.clock.advance(5000);
  const { texts, next, behind, finished } = await read(world, { from: 1 });
  assert.deepEqual({ texts, next, behind, finished }, { texts: [], next: 1, behind: 0, finished: false });
});

test('a page that leaves records says how old its last one is, at least 1 ms', async () => {
  const world = await World.with();
  await world.put(0, 'a', 'b');
  assert.equal((await read(world, { recordsMax: 1 })).behind, 1);
  await world.clock.advance(5000);
  assert.equal((await read(world, { recordsMax: 1 })).behind, 5000);
  assert.equal((await read(world, { recordsMax: 2 })).behind, 0);
});

test('an empty page that a record has overtaken is a millisecond behind, not as much as is retained', async () => {
  const world = await World.with();
  await world.put(0, 'a');
  const log = new OneShard(world.log, { stream: '1', shard: 0 });
  const { read: readAtOnce } = log;
  log.read = async (from, limit) => {
    const found = await readAtOnce.call(log, from, limit);
    await world.put(0, 'b');
    return found;
  };
  const { texts, next, behind } = await read(world, { from: 1 });
  assert.deepEqual({ texts, next, behind }, { texts: [], next: 1, behind: 1 });
});

test('a page holds at most 10 MiB of data', async () => {
  const world = await World.with();
  const text = 'x'.repeat(MiB);
  await world.put(0, ...Array.from({ length: 12 }, () => text));
  const first = await read(world);
  assert.equal(first.records.length, 10);
  assert.equal(first.bytes, 10 * MiB);
  assert.equal((await read(world, { from: first.next })).records.length, 2);
});

test('a single record larger than a page is a page', async () => {
  const world = await World.with();
  await world.put(0, 'x'.repeat(10 * MiB + 1), 'y');
  assert.equal((await read(world)).records.length, 1);
});

test('records before the horizon are not there, trimmed or not', async () => {
  const world = await World.with();
  await world.put(0, 'old');
  await world.clock.advance(1000);
  const horizon = world.clock.now();
  await world.put(0, 'young');
  assert.deepEqual((await read(world, { horizon })).texts, ['young']);
  assert.deepEqual((await read(world, { horizon: horizon + 1 })).texts, []);
  assert.equal((await read(world, { horizon: horizon + 1 })).behind, 0);
});

test('an offset that was trimmed reads on from what is left', async () => {
  const world = await World.with();
  await world.put(0, 'a', 'b', 'c');
  const log = new OneShard(world.log, { stream: '1', shard: 0 });
  await log.trim(2);
  assert.deepEqual((await read(world)).texts, ['c']);
});

test('the end of a closed shard comes alone, on the page after that of its last record', async () => {
  const world = await World.with();
  await world.put(0, 'a', 'b');
  const page = async (from: number, recordsMax: number) => {
    const { texts, next, behind, finished } = await read(world, { from, recordsMax }, closedAt(2));
    return { texts, next, behind, finished };
  };
  assert.deepEqual(await page(0, 1), { texts: ['a'], next: 1, behind: 1, finished: false });
  assert.deepEqual(await page(0, 2), { texts: ['a', 'b'], next: 2, behind: 0, finished: false });
  assert.deepEqual(await page(1, 10), { texts: ['b'], next: 2, behind: 0, finished: false });
  assert.deepEqual(await page(2, 10), { texts: [], next: 2, behind: 0, finished: true });
});

test('at the end of a closed shard the log is not asked', async () => {
  const world = await World.with();
  await world.put(0, 'a');
  const log = new OneShard(world.log, { stream: '1', shard: 0 });
  log.read = () => Promise.reject(new Error('it was asked'));
  assert.equal((await read(world, { from: 1 }, closedAt(1))).finished, true);
  await assert.rejects(read(world, {}, closedAt(1)), /it was asked/);
});

test('a closed shard that never had a record is finished with its first page', async () => {
  const { texts, behind, finished } = await read(await World.with(), {}, closedAt(0));
  assert.deepEqual({ texts, behind, finished }, { texts: [], behind: 0, finished: true });
});

test('a closed shard whose records are all before the horizon is finished with its first page', async () => {
  const world = await World.with();
  await world.put(0, 'a', 'b');
  const horizon = world.clock.now() + 1;
  const { texts, next, behind, finished } = await read(world, { horizon }, closedAt(2));
  assert.deepEqual({ texts, next, behind, finished }, { texts: [], next: 2, behind: 0, finished: true });
});

test('a clock with fractions makes no fractions of milliseconds behind', async () => {
  const world = await World.with();
  await world.put(0, 'a', 'b');
  const now = world.clock.now() + 0.3;
  assert.equal((await read(world, { recordsMax: 1, now })).behind, 1);
  assert.equal((await read(world, { recordsMax: 1, now: now + 1 })).behind, 2);
});
