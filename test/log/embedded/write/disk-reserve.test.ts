import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../../harness/one-shard.ts';
import { batchOf, textsOf } from '../../../../harness/shard-text.ts';
import { EngineOnFakeDisk } from '../on-fake-disk.ts';

const refusal = { name: 'DiskReserveError' };

async function openShard(options = {}) {
  const engine = new EngineOnFakeDisk();
  const log = await engine.open({ reserveBytes: 10_000, ...options });
  return { engine, log, shard: new OneShard(log, { stream: 'stream', shard: 0 }) };
}

test('records are refused before the last of the disk is taken, and taken again once there is room', async () => {
  const { engine, shard } = await openShard();
  await shard.append(batchOf('early'));
  engine.disk.freeBytes = 10_000;
  engine.clock.time += 1_000;
  await assert.rejects(shard.append(batchOf('refused')), refusal);
  engine.disk.freeBytes = 20_000;
  await shard.append(batchOf('late'));
  assert.deepEqual(await textsOf(shard), ['early', 'late']);
});

test('reading, sealing, trimming and dropping go on below the reserve', async () => {
  const { engine, log, shard } = await openShard();
  await shard.append(batchOf('one', 'two'));
  engine.disk.freeBytes = 5_000;
  engine.clock.time += 1_000;
  await assert.rejects(shard.append(batchOf('refused')), refusal);
  assert.deepEqual(await textsOf(shard), ['one', 'two']);
  assert.equal(await shard.seal(), 2);
  await shard.trim(2);
  await log.drop('stream');
  assert.deepEqual(await engine.disk.list('logs'), []);
});

test('much that is written within a second does not get past the reserve unseen', async () => {
  const { engine, shard } = await openShard();
  await shard.append(batchOf('early'));
  engine.disk.freeBytes = 9_000;
  const outcomes = [];
  for (let written = 0; written < 5; written++) {
    outcomes.push(
      await shard.append(batchOf('x'.repeat(1_000))).then(
        () => 'taken',
        ({ name }) => name,
      ),
    );
  }
  assert.ok(outcomes.includes('DiskReserveError'), outcomes.join());
});

test('a round counts with what waits behind it', async () => {
  const { engine, shard } = await openShard({ roundBytesMax: 500 });
  engine.disk.freeBytes = 11_000;
  const appends = ['a', 'b', 'c'].map((text) => shard.append(batchOf(text.repeat(450))));
  const outcomes = await Promise.allSettled(appends);
  assert.equal(outcomes[0]!.status, 'rejected');
});

test('a log without a reserve writes to the last byte', async () => {
  const { engine, shard } = await openShard({ reserveBytes: 0 });
  engine.disk.freeBytes = 0;
  await shard.append(batchOf('stored'));
  assert.deepEqual(await textsOf(shard), ['stored']);
});
