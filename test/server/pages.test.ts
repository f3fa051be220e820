import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpRequest } from '../../src/env/network.ts';
import type { Health } from '../../src/gateway/health.ts';
import { serverPages } from '../../src/server/pages.ts';
import { version } from '../../src/server/version.ts';

test('GET /health says which version runs on which engine for how long', async () => {
  let now = 5_000;
  const pages = pagesAt(() => now);
  now += 61_400;
  const answer = await pages['/health']!.answer(asked);
  assert.equal(answer.status, 200);
  assert.deepEqual(JSON.parse(String(answer.body)), {
    status: 'ok',
    version,
    engine: 'memory',
    uptimeSeconds: 61,
  });
});

test('a server is stalled whose owner hangs, and may be cut off from its cluster', async () => {
  let now: Health = 'ok';
  const health = pagesAt(
    () => 0,
    () => now,
  )['/health']!;
  assert.equal((await health.answer(asked)).status, 200);
  for (now of ['stalled', 'cut off'] as const) {
    const { status, body } = await health.answer(asked);
    assert.deepEqual([status, JSON.parse(String(body)).status], [503, now]);
  }
});

const asked: HttpRequest = {
  ...{ method: 'GET', target: '/health', rawHeaders: [], body: Buffer.alloc(0) },
  peer: { address: '127.0.0.1', secure: false, listener: '127.0.0.1:4567' },
};

function pagesAt(monotonic: () => number, health: () => Health = () => 'ok') {
  const clock = { now: () => 0, monotonic, turn: async () => {}, sleep: async () => {} };
  return serverPages({ clock, engine: 'memory', health, authority: undefined, console: {} });
}
