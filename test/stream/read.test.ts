import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBatch, recordsOf } from '../../src/kinesis/record.ts';
import type { Shard } from '../../src/kinesis/stream.ts';
import type { ReadRequest } from '../../src/log/log.ts';
import { type PageRequest, readPage } from '../../src/stream/read.ts';
import { sampleStream } from '../kinesis/sample.ts';
import { alteredEngine } from '../log/altered-engine.ts';
import { World } from './world.ts';

const shard: Shard = sampleStream(1).shards[0]!;
const MiB = 1024 * 1024;

/** The shard once it is closed, with so many records. */
function closedAt(end: number): Shard {
  return { ...shard, closed: { at: shard.createdAt, end, childrenAt: shard.createdAt + 1000 } };
}

/** Reads from the beginning, where nothing else is asked for. */
async function read(world: World, request: Partial<PageRequest> = {}, from: Shard = shard) {
  const now = world.clock.now();
  const page = await readPage(world.log, { stream: '1', shard: 0 }, from, {
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
  const record = (text: string) => ({ partitionKey: 'k', data: Buffer.from(text) });
  await world.log.append({ stream: '1', shard: 0 }, encodeBatch(['a', 'b', 'c', 'd'].map(record)));
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

test('an empty page was at the tip when it was read, and the next has what came right after', async () => {
  const world = await World.with();
  await world.put(0, 'a');
  const readAtOnce = world.log.read.bind(world.log);
  world.log.read = async (key, request) => {
    const found = await readAtOnce(key, request);
    await world.put(0, 'b');
    return found;
  };
  const { texts, next, behind } = await read(world, { from: 1 });
  assert.deepEqual({ texts, next, behind }, { texts: [], next: 1, behind: 0 });
  assert.deepEqual((await read(world, { from: next })).texts, ['b']);
});

test('a page is one question, also when records have expired', async () => {
  const world = await World.with();
  await world.put(0, 'a', 'b');
  await world.clock.advance(5000);
  await world.put(0, 'c');
  let questions = 0;
  const count = <Rest extends unknown[], T>(call: (...rest: Rest) => T) => {
    return (...rest: Rest) => {
      questions++;
      return call(...rest);
    };
  };
  const log = alteredEngine(world.log, {
    read: count(world.log.read.bind(world.log)),
    seek: count(world.log.seek.bind(world.log)),
    position: count(world.log.position.bind(world.log)),
  });
  const request = { from: 0, recordsMax: 10, bytesMax: MiB, now: world.clock.now() };
  const page = await readPage(log, { stream: '1', shard: 0 }, shard, {
    ...request,
    horizon: world.clock.now() - 1,
  });
  assert.deepEqual([page.batches.map(({ first }) => first), page.next], [[2], 3]);
  assert.equal(questions, 1);
});

test('where an engine keeps marks of its own, offsets are missing and nothing else', async () => {
  const world = await World.with();
  await world.put(0, 'a');
  const [batch] = (await world.log.read({ stream: '1', shard: 0 }, everything)).batches;
  // Offsets 0, 2, 4 and 5 are marks.
  const batches = [1, 3].map((first) => ({ ...batch!, first }));
  const read = async ({ from }: ReadRequest) => ({
    batches: batches.filter(({ first }) => first >= from),
    ...{ start: 0, end: 6, lastArrival: batch!.arrival },
  });
  const log = alteredEngine(world.log, { read: (_, request) => read(request) });
  const pages: number[][] = [];
  let from = 0;
  for (let isFinished = false; !isFinished; ) {
    const request = { from, recordsMax: 1, bytesMax: MiB, horizon: 0, now: world.clock.now() };
    const page = await readPage(log, { stream: '1', shard: 0 }, closedAt(6), request);
    pages.push(page.batches.map(({ first }) => first));
    from = page.next;
    isFinished = page.finished;
  }
  assert.deepEqual(pages, [[1], [3], []]);
  assert.equal(from, 6);
});

test('an engine that has not heard of all records of a closed shard yet does not finish it', async () => {
  const world = await World.with();
  await world.put(0, 'a', 'b', 'c');
  const { lastArrival } = await world.log.position({ stream: '1', shard: 0 });
  let end = 1;
  const log = alteredEngine(world.log, {
    read: async (key, request) => {
      const { batches } = await world.log.read(key, request);
      return { start: 0, end, lastArrival, batches: batches.filter(({ first }) => first < end) };
    },
  });
  const pageFrom = (from: number) => {
    const request = { from, recordsMax: 1, bytesMax: MiB, horizon: 0, now: world.clock.now() };
    return readPage(log, { stream: '1', shard: 0 }, closedAt(3), request);
  };
  for (const from of [1, 2]) {
    const { batches, next, finished } = await pageFrom(from);
    assert.deepEqual([batches, next, finished], [[], from, false]);
  }
  end = 3;
  assert.equal((await pageFrom(2)).next, 3);
  assert.equal((await pageFrom(3)).finished, true);
});

const everything = { from: 0, since: 0, limit: { records: 1000, bytes: MiB } };

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
  await world.log.trim({ stream: '1', shard: 0 }, 2);
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
  world.log.read = () => Promise.reject(new Error('it was asked'));
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
