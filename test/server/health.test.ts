import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { serverPages } from '../../src/server/pages.ts';
import { version } from '../../src/server/version.ts';
import { Heartbeat } from '../../src/server/workers/heartbeat.ts';

test('GET /health says which version runs on which engine for how long', async () => {
  let now = 5_000;
  const pages = pagesAt(() => now);
  now += 61_400;
  const answer = await pages['/health']!.answer();
  assert.equal(answer.status, 200);
  assert.deepEqual(JSON.parse(String(answer.body)), {
    status: 'ok',
    version,
    engine: 'memory',
    uptimeSeconds: 61,
  });
});

test('a server whose owner hangs is stalled', async () => {
  let isAlive = true;
  const health = pagesAt(
    () => 0,
    () => isAlive,
  )['/health']!;
  assert.equal((await health.answer()).status, 200);
  isAlive = false;
  const { status, body } = await health.answer();
  assert.deepEqual([status, JSON.parse(String(body)).status], [503, 'stalled']);
});

function pagesAt(monotonic: () => number, isAlive = () => true) {
  const clock = { now: () => 0, monotonic, turn: async () => {}, sleep: async () => {} };
  return serverPages({ clock, memory: true, isAlive, authority: undefined });
}

test('a heart that has not beaten for more than ten seconds has stopped, until it beats again', () => {
  let now = 1_000;
  const owner = new Heartbeat(undefined, () => now);
  const seen = new Heartbeat(owner.memory, () => now);
  owner.beat();
  now += 10;
  assert.ok(seen.isAlive);
  now += 1;
  assert.ok(!seen.isAlive);
  owner.beat();
  assert.ok(seen.isAlive);
});

test('the clock of a heartbeat is that of all threads', async () => {
  const owner = new Heartbeat();
  const end = owner.start();
  const module = new URL('../../src/server/workers/heartbeat.ts', import.meta.url).href;
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    import('${module}').then(({ Heartbeat }) => parentPort.postMessage(new Heartbeat(workerData).isAlive));`;
  const worker = new Worker(program, { eval: true, workerData: owner.memory });
  const [isAlive] = await once(worker, 'message');
  end();
  assert.equal(isAlive, true);
  await worker.terminate();
});
