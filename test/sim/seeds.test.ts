import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { failedOnce } from '../../sim/seeds.ts';
import { simulate } from '../../sim/simulation.ts';
import type { Outcome } from './seeds-thread.ts';

test('another seed is another world', async () => {
  assert.notEqual((await simulate(8)).digest, (await simulate(7)).digest);
});

test('seeds that failed once do not fail again', async () => {
  const { complaints } = await playTwice(failedOnce);
  assert.deepEqual(complaints, []);
});

for (let first = 1; first <= 181; first += 20) {
  test(`seeds ${first} to ${first + 19} keep every promise, and replay identically`, async () => {
    const { acknowledged, complaints } = await playTwice(Array.from({ length: 20 }, (_, n) => first + n));
    assert.deepEqual(complaints, []);
    assert.ok(acknowledged > 1_000, `only ${acknowledged} records were acknowledged`);
  });
}

async function playTwice(seeds: readonly number[]): Promise<Outcome> {
  const worker = new Worker(new URL('./seeds-thread.ts', import.meta.url), { workerData: seeds });
  const [outcome] = (await once(worker, 'message')) as [Outcome];
  return outcome;
}
