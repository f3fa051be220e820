import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf } from '../../../harness/shard-text.ts';
import { recordsOf } from '../../../src/kinesis/record.ts';
import { decryptBatches, encryptBatch } from '../../../src/log/encryption.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { engineContract } from '../contract.ts';
import { TestKeys } from '../test-keys.ts';
import { TestClock } from '../world.ts';

engineContract('the memory engine', async () => {
  const clock = new TestClock();
  return { clock, engine: openMemoryLog(clock) };
});

test('the memory engine gives out an encrypted batch with its key, and with what ties it to its place', async () => {
  const engine = openMemoryLog(new TestClock());
  const shard = { stream: 'stream', shard: 0 };
  const keys = new TestKeys();
  keys.renew();
  const key = (await keys.current())!;
  await engine.append(shard, encryptBatch(batchOf('one', 'two'), key, shard));
  const limit = { records: 10, bytes: 1000 };
  for (const own of [false, true]) {
    const { batches } = await engine.read(shard, { from: 0, since: 0, limit, own });
    const [batch] = await decryptBatches(batches, shard, keys);
    assert.deepEqual(
      [...recordsOf(batch!)].map(({ data }) => String(data)),
      ['one', 'two'],
    );
  }
});
