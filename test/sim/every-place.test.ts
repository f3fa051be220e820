import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { flipEveryBit } from '../../sim/every-bit.ts';
import { times } from '../length.ts';

// Slices. All of it: npm run sim -- --every-call, npm run sim -- --every-bit.

test('whatever call of the disk fails, is short, or is the last, every promise is kept', async () => {
  const worker = new Worker(new URL('./strikes-thread.ts', import.meta.url));
  const [{ struck, complaints }] = await once(worker, 'message');
  assert.deepEqual(complaints, []);
  assert.ok(struck >= times(20, 50), `only ${struck} calls`);
});

test('whatever bit of a data directory flips, it is found out or does no harm', async () => {
  const counts = { found: 0, harmless: 0, unnoticed: 0 };
  for await (const { outcome, place } of flipEveryBit(101)) {
    assert.notEqual(outcome, 'unnoticed', place);
    counts[outcome]++;
  }
  assert.ok(counts.found > 100, `only ${counts.found} were found out`);
});
