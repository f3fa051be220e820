import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { failedOnce } from '../../sim/seeds.ts';
import { simulate } from '../../sim/simulation.ts';
import { times } from '../length.ts';
import type { Outcome, Task } from './seeds-thread.ts';

test('another seed is another world', async () => {
  assert.notEqual((await simulate(8)).digest, (await simulate(7)).digest);
});

test('seeds that failed once do not fail again', async () => {
  const { complaints } = await play({ seeds: failedOnce, replayed: times(0, failedOnce.length) });
  assert.deepEqual(complaints, []);
});

const atOnce = 20;
const last = times(80, 200);
/** How many of those that are played together are played twice. */
const replayed = times(2, atOnce);

for (let first = 1; first < last; first += atOnce) {
  test(`seeds ${first} to ${first + atOnce - 1} keep every promise, and ${replayed} of them replay identically`, async () => {
    const seeds = Array.from({ length: atOnce }, (_, index) => first + index);
    const { acknowledged, complaints } = await play({ seeds, replayed });
    assert.deepEqual(complaints, []);
    assert.ok(acknowledged > 1_000, `only ${acknowledged} records were acknowledged`);
  });
}

async function play(task: Task): Promise<Outcome> {
  const worker = new Worker(new URL('./seeds-thread.ts', import.meta.url), { workerData: task });
  const [outcome] = (await once(worker, 'message')) as [Outcome];
  return outcome;
}
