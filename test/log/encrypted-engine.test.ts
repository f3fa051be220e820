import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf } from '../../harness/shard-text.ts';
import { recordsOf } from '../../src/kinesis/record.ts';
import { EncryptedEngine, type EveryKey } from '../../src/log/encrypted-engine.ts';
import { DamagedError, type Engine, type LoggedBatch, type ShardKey } from '../../src/log/log.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { alteredEngine } from './altered-engine.ts';
import { engineContract } from './contract.ts';
import { TestKeys } from './test-keys.ts';
import { TestClock } from './world.ts';

const shard: ShardKey = { stream: 'tables', shard: 0 };

/** A key that is at hand. */
async function everyKey(): Promise<EveryKey> {
  const keys = new TestKeys();
  keys.renew();
  const key = (await keys.current())!;
  return { current: () => key, open: (wrapping) => keys.open(wrapping) };
}

engineContract('an engine that encrypts everything', async () => {
  const clock = new TestClock();
  const engine = new EncryptedEngine(openMemoryLog(clock), await everyKey());
  return { clock, engine, bytesAdded: 4 + 12 + 16 };
});

async function read(engine: Engine, key = shard, own = false): Promise<string[]> {
  const request = { from: 0, since: 0, limit: { records: 100, bytes: 100_000 }, own };
  const { batches } = await engine.read(key, request);
  return batches.flatMap((batch) => [...recordsOf(batch)].map(({ data }) => String(data)));
}

/** The engine, above one whose batches are read otherwise than they are. */
function alteredBelow(below: Engine, keys: EveryKey, alter: (batch: LoggedBatch) => LoggedBatch): Engine {
  const read: Engine['read'] = async (key, request) => {
    const slice = await below.read(key, request);
    return { ...slice, batches: slice.batches.map(alter) };
  };
  return new EncryptedEngine(alteredEngine(below, { read }), keys);
}

test('what lies below holds no plaintext, and comes back as it was', async () => {
  const below = openMemoryLog(new TestClock());
  const engine = new EncryptedEngine(below, await everyKey());
  await Promise.all([engine.append(shard, batchOf('one', 'two')), engine.append(shard, batchOf('three'))]);
  for (const own of [false, true]) assert.deepEqual(await read(engine, shard, own), ['one', 'two', 'three']);
  const request = { from: 0, since: 0, limit: { records: 100, bytes: 100_000 } };
  const { batches } = await below.read(shard, request);
  assert.ok(batches.length > 0);
  const bytes = Buffer.concat(batches.map((batch) => batch.bytes));
  for (const text of ['one', 'two', 'three']) assert.equal(bytes.indexOf(text), -1);
});

test('a record in plain, changed, elsewhere or of another log is damage', async () => {
  const below = openMemoryLog(new TestClock());
  const keys = await everyKey();
  const engine = new EncryptedEngine(below, keys);
  await engine.append(shard, batchOf('one'));
  const flipped = (batch: LoggedBatch) => {
    const bytes = Buffer.from(batch.bytes);
    bytes[20]! ^= 1;
    return { ...batch, bytes };
  };
  const moved = (batch: LoggedBatch) => ({ ...batch, first: batch.first + 1 });
  for (const alter of [flipped, moved]) {
    await assert.rejects(read(alteredBelow(below, keys, alter)), DamagedError);
  }
  const other: ShardKey = { stream: 'metrics', shard: 0 };
  const ofAnother = alteredEngine(below, { read: (_, request) => below.read(shard, request) });
  await assert.rejects(read(new EncryptedEngine(ofAnother, keys), other), DamagedError);
  await below.append(shard, batchOf('two'));
  await assert.rejects(read(engine), { name: 'DamagedError', message: /records 1 to 1 .* are in plain/ });
});
