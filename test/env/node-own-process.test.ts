import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NodeOwnProcess } from '../../src/env/node-own-process.ts';

test('a process tells what memory it has, of what there is', async () => {
  const { residentBytes, heapUsedBytes, heapMaxBytes, externalBytes, machineBytes } =
    await new NodeOwnProcess().figures();
  assert.ok(0 < heapUsedBytes && heapUsedBytes < heapMaxBytes);
  assert.ok(0 < residentBytes && residentBytes < machineBytes);
  assert.ok(externalBytes > 0);
});

test('a thread tells how busy it was, and its longest pause once somebody has looked before', async () => {
  const own = new NodeOwnProcess();
  const first = await own.figures();
  assert.ok(first.loopBusyShare >= 0 && first.loopBusyShare <= 1);
  assert.equal(first.loopDelay, undefined);
  const held = performance.now() + 100;
  // The watch has begun by the second turn, then nothing else has its turn.
  await new Promise((resolve) => setTimeout(resolve, 50));
  while (performance.now() < held + 50);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { loopDelay } = await own.figures();
  assert.ok(loopDelay !== undefined && loopDelay.maxSeconds > 0.05, `${loopDelay?.maxSeconds}`);
});
