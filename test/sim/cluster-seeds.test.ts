import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { failedOnceInClusters } from '../../sim/seeds.ts';
import { times } from '../length.ts';
import type { Outcome, Task } from './seeds-thread.ts';

test('gateways keep every promise while nothing goes wrong', async () => {
  const { acknowledged, complaints } = await play({ seeds: [1], replayed: 0, worlds: 'peaceful cluster' });
  assert.deepEqual(complaints, []);
  assert.ok(acknowledged > 200, `only ${acknowledged} records were acknowledged`);
});

test('worlds of gateways that failed once do not fail again, and one replays identically', async () => {
  const { complaints } = await play({ seeds: failedOnceInClusters, replayed: 1, worlds: 'cluster' });
  assert.deepEqual(complaints, []);
});

/** Each takes a second of CPU. */
const last = times(1, 60);

test(`seeds 1 to ${last} of brokers and gateways keep every promise`, async () => {
  const seeds = Array.from({ length: last }, (_, index) => 1 + index);
  const { acknowledged, complaints } = await play({ seeds, replayed: 0, worlds: 'cluster' });
  assert.deepEqual(complaints, []);
  assert.ok(acknowledged > 50, `only ${acknowledged} records were acknowledged`);
});

async function play(task: Task): Promise<Outcome> {
  const worker = new Worker(new URL('./seeds-thread.ts', import.meta.url), { workerData: task });
  const [outcome] = (await once(worker, 'message')) as [Outcome];
  return outcome;
}
