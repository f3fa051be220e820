import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { NodePressure } from '../../src/env/node-pressure.ts';

test('a loop that does nothing but wait is hardly busy, one that computes is', async () => {
  const pressure = new NodePressure();
  await sleep(1);
  pressure.busy();
  await sleep(100);
  const waiting = pressure.busy();
  const end = performance.now() + 100;
  while (performance.now() < end);
  await new Promise((resolve) => setImmediate(resolve));
  const computing = pressure.busy();
  assert.ok(waiting < computing, `${waiting} ${computing}`);
});

test('idle cores are none before there is anything to compare with, and never more than this process may use', async () => {
  const pressure = new NodePressure();
  assert.equal(pressure.idleCores(), 0);
  await sleep(100);
  const idleCores = pressure.idleCores();
  assert.ok(idleCores >= 0 && idleCores <= availableParallelism(), String(idleCores));
});
