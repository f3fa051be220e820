import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { NodePressure } from '../../src/env/node-pressure.ts';

test('a loop that does nothing but wait is hardly busy, one that computes is', async () => {
  const pressure = new NodePressure();
  await sleep(1);
  pressure.look();
  await sleep(100);
  const waiting = pressure.look();
  const end = performance.now() + 100;
  while (performance.now() < end);
  await new Promise((resolve) => setImmediate(resolve));
  const computing = pressure.look();
  assert.ok(waiting.busy < computing.busy, `${waiting.busy} ${computing.busy}`);
  for (const { idleCores } of [waiting, computing]) {
    assert.ok(idleCores >= 0 && idleCores <= availableParallelism(), String(idleCores));
  }
});
