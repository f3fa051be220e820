import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { encodeBatch } from '../../../../src/kinesis/record.ts';
import { DamagedError, DiskReserveError, type Engine } from '../../../../src/log/log.ts';
import { openMemoryLog } from '../../../../src/log/memory/memory-log.ts';
import { openCodeStore, unneededMs } from '../../../../src/services/lambda/code/stored-code.ts';
import { functionKeyOf } from '../../../../src/services/lambda/state/lambda-state.ts';
import { openLambdaJournal } from '../../../../src/services/lambda/state/open-lambda-journal.ts';
import { TestClock, TestRandom } from '../../../log/world.ts';
import { functionOf } from '../state/lambda-records.ts';

/** A zip's bytes, which the store does not look into, of more than one piece. */
function bytesOf(seed: number, length = 2_500_000): { readonly zip: Buffer; readonly sha256: string } {
  const zip = Buffer.alloc(length, `zip ${seed}`);
  return { zip, sha256: hash('sha256', zip) };
}

async function worldOf(bytesMax?: number) {
  const clock = new TestClock();
  const memory = openMemoryLog(clock);
  const dropped: string[] = [];
  const appended: string[] = [];
  const faults = { append: async () => {}, drop: async () => {} };
  const engine: Engine = {
    ...around(memory),
    append: async (key, batch) => {
      await faults.append();
      appended.push(key.stream);
      return await memory.append(key, batch);
    },
    drop: async (stream) => {
      await faults.drop();
      dropped.push(stream);
      await memory.drop(stream);
    },
  };
  const random = new TestRandom(1);
  const open = async () => {
    const journal = await openLambdaJournal(memory);
    return { journal, store: openCodeStore(engine, { journal, clock, random, bytesMax }) };
  };
  return { clock, memory, faults, dropped, appended, open };
}

/** The same by functions that need no `this`. */
function around(engine: Engine): Engine {
  return {
    append: (key, batch) => engine.append(key, batch),
    read: (key, request) => engine.read(key, request),
    seek: (key, time) => engine.seek(key, time),
    position: (key) => engine.position(key),
    grown: (key, past, signal) => engine.grown(key, past, signal),
    prepare: (stream, needs) => engine.prepare(stream, needs),
    seal: (key) => engine.seal(key),
    trim: (key, before) => engine.trim(key, before),
    drop: (stream) => engine.drop(stream),
    close: () => engine.close(),
  };
}

test('a zip is there after a start, and is written once however often it is put', async () => {
  const { open, appended } = await worldOf();
  const { store } = await open();
  const { zip, sha256 } = bytesOf(1);
  await Promise.all([store.put(sha256, zip), store.put(sha256, zip)]);
  await store.put(sha256, zip);
  assert.equal(store.bytes, zip.length);
  const again = (await open()).store;
  assert.ok(zip.equals(await again.get(sha256)));
  await again.put(sha256, zip);
  assert.deepEqual([appended.length, new Set(appended).size], [3, 1]);
});

test('a put that was cut off leaves nothing that is taken for a zip, and is put again', async () => {
  const { open, faults, clock, dropped } = await worldOf();
  const { zip, sha256 } = bytesOf(1);
  const { store } = await open();
  let pieces = 0;
  // As after kill -9: nothing is cleared away.
  const cutOff = async () => {
    pieces += 1;
    if (pieces > 2) throw new Error('gone');
  };
  [faults.append, faults.drop] = [cutOff, cutOff];
  await assert.rejects(store.put(sha256, zip), { message: 'gone' });
  [faults.append, faults.drop] = [async () => {}, async () => {}];
  const { store: next, journal } = await open();
  await assert.rejects(next.get(sha256), DamagedError);
  await next.put(sha256, zip);
  assert.ok(zip.equals(await next.get(sha256)));
  const value = functionOf('f', { code: { kind: 'zip', sha256, bytes: zip.length } });
  await journal.commit(() => [{ kind: 'said', of: 'function', key: functionKeyOf(value), value }]);
  await next.sweep();
  assert.deepEqual(dropped, []);
  clock.time += unneededMs + 1;
  await next.sweep();
  assert.equal(dropped.length, 1);
  assert.equal(next.bytes, zip.length);
  assert.ok(zip.equals(await next.get(sha256)));
});

test('what nothing needs is forgotten an hour after it was put last, even when a crash comes in between', async () => {
  const { open, faults, clock, memory } = await worldOf();
  const { zip, sha256 } = bytesOf(1, 100);
  const { store } = await open();
  await store.put(sha256, zip);
  clock.time += unneededMs - 1;
  await store.put(sha256, zip);
  clock.time += unneededMs - 1;
  await store.sweep();
  assert.ok(zip.equals(await store.get(sha256)));
  clock.time += 2;
  faults.drop = async () => {
    throw new Error('gone');
  };
  await assert.rejects(store.sweep(), { message: 'gone' });
  faults.drop = async () => {};
  const { store: next, journal } = await open();
  await assert.rejects(next.get(sha256), DamagedError);
  // One that is put right then is another one, which stays.
  await next.put(sha256, zip);
  await next.sweep();
  assert.equal([...journal.state.entries('code')].length, 1);
  assert.ok(zip.equals(await next.get(sha256)));
  await memory.close();
});

test('a zip that is not what was put is damage, and to put it again mends it', async () => {
  const { open, memory } = await worldOf();
  const { store, journal } = await open();
  const { zip, sha256 } = bytesOf(1, 100);
  await store.put(sha256, zip);
  const [key] = [...journal.state.entries('code')][0]!;
  const stream = key.split('/')[1]!;
  await memory.append(
    { stream, shard: 0 },
    encodeBatch([{ partitionKey: undefined, data: Buffer.from('x') }]),
  );
  await assert.rejects(store.get(sha256), {
    message: /^the code of a function, services\/lambda-code-.* is not what/,
  });
  const { store: next } = await open();
  await next.put(sha256, zip);
  assert.ok(zip.equals(await next.get(sha256)));
  assert.ok(zip.equals(await (await open()).store.get(sha256)));
});

test('when there is no room for a zip it is refused as AWS does, and so it is when the disk is full', async () => {
  const { open, faults } = await worldOf(250);
  const { store } = await open();
  const refusal = {
    name: 'CodeStorageExceededException',
    message: 'Code storage limit exceeded.',
    status: 400,
  };
  const [a, b, c] = [bytesOf(1, 200), bytesOf(2, 51), bytesOf(3, 50)];
  await store.put(a.sha256, a.zip);
  await assert.rejects(store.put(b.sha256, b.zip), refusal);
  faults.append = async () => {
    throw new DiskReserveError('full');
  };
  await assert.rejects(store.put(c.sha256, c.zip), refusal);
  faults.append = async () => {};
  await store.put(c.sha256, c.zip);
  assert.equal(store.bytes, 250);
});
