import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NodeVitals } from '../../src/env/node-vitals.ts';

test('a process tells what memory it has, of what there is', () => {
  const { residentBytes, heapUsedBytes, heapMaxBytes, buffersBytes, machineBytes } =
    new NodeVitals().memory();
  assert.ok(0 < heapUsedBytes && heapUsedBytes < heapMaxBytes);
  assert.ok(0 < residentBytes && residentBytes < machineBytes);
  assert.ok(buffersBytes > 0);
});

test('a thread tells how busy it was, and its longest pause once somebody has looked before', async () => {
  const vitals = new NodeVitals();
  const first = vitals.loop();
  assert.ok(first.busy >= 0 && first.busy <= 1);
  assert.equal(first.pauseMs, undefined);
  const held = performance.now() + 100;
  // The watch has begun by the second turn, then nothing else has its turn.
  await new Promise((resolve) => setTimeout(resolve, 50));
  while (performance.now() < held + 50);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { pauseMs } = vitals.loop();
  assert.ok(pauseMs !== undefined && pauseMs > 50, `${pauseMs}`);
});
