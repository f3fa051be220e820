import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeWorkers } from '../../src/env/node-workers.ts';

test('the monotonic clock has one origin in all threads', async () => {
  const [port, other] = nodeWorkers.channel<never, number>();
  const module = new URL('clock-thread.ts', import.meta.url);
  const before = nodeClock.monotonic();
  const { promise, resolve } = Promise.withResolvers<number>();
  port.listen(resolve);
  const worker = nodeWorkers.start({ name: 'test', module, run: async () => {} }, undefined, { other });
  const there = await promise;
  assert.ok(before <= there && there <= nodeClock.monotonic());
  assert.equal(await worker.ended, undefined);
});

test('a time that has passed by a hair is no reason for a warning', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  await nodeClock.sleep(-0.00007);
  await nodeClock.turn();
  process.off('warning', note);
  assert.deepEqual(warnings, []);
});
