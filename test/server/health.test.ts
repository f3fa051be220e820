import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpRequest } from '../../src/env/network.ts';
import { withHealth } from '../../src/server/health.ts';
import { version } from '../../src/server/version.ts';

test('GET /health says which version runs on which engine for how long', async () => {
  let now = 5_000;
  const clock = { now: () => 0, monotonic: () => now, turn: async () => {}, sleep: async () => {} };
  const handle = withHealth(() => Promise.reject(new Error('not asked')), { memory: true }, clock);
  now += 61_400;
  const answer = await handle(get('/health'));
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
  const clock = { now: () => 0, monotonic: () => 0, turn: async () => {}, sleep: async () => {} };
  const handle = withHealth(
    () => Promise.reject(new Error('not asked')),
    { memory: false },
    clock,
    async () => isAlive,
  );
  assert.equal((await handle(get('/health'))).status, 200);
  isAlive = false;
  const { status, body } = await handle(get('/health'));
  assert.deepEqual([status, JSON.parse(String(body)).status], [503, 'stalled']);
});

test('all other requests are the API’s', async () => {
  const clock = { now: () => 0, monotonic: () => 0, turn: async () => {}, sleep: async () => {} };
  const answer = { status: 403, headers: {}, body: '' };
  const handle = withHealth(async () => answer, { memory: false }, clock);
  for (const request of [get('/'), get('/healthy'), { ...get('/health'), method: 'POST' }]) {
    assert.equal(await handle(request), answer);
  }
});

function get(target: string): HttpRequest {
  return { method: 'GET', target, rawHeaders: [], body: Buffer.alloc(0) };
}
