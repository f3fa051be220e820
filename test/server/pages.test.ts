import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverPages } from '../../src/server/pages.ts';
import { version } from '../../src/server/version.ts';

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
