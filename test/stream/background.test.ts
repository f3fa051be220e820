import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../src/env/logger.ts';
import { runInBackground, type Tick } from '../../src/stream/background.ts';
import { ManualClock, settled } from '../services/kinesis/manual-clock.ts';

/** Runs ticks and counts how often each ran. */
function run(...ticks: Tick[]) {
  const clock = new ManualClock();
  const errors: unknown[] = [];
  const counts = ticks.map(() => 0);
  const counted = ticks.map(
    (tick, index): Tick =>
      () => {
        counts[index]! += 1;
        return tick();
      },
  );
  const logger = {
    ...silentLogger,
    error: (_: string, fields?: { error?: unknown }) => errors.push(fields?.error),
  };
  return { clock, errors, counts, background: runInBackground(counted, clock, logger) };
}

test('a tick runs at once, and again when it asked to', async () => {
  const { clock, counts, background } = run(async () => 50);
  await clock.advance(49);
  assert.deepEqual(counts, [1]);
  await clock.advance(1);
  assert.deepEqual(counts, [2]);
  await background.stop();
});

test('the earliest tick says when all run again', async () => {
  const { clock, counts, background } = run(
    async () => 500,
    async () => 20,
    async () => undefined,
  );
  await clock.advance(20);
  assert.deepEqual(counts, [2, 2, 2]);
  await background.stop();
});

test('with nothing to do it looks again after a minute', async () => {
  const { clock, counts, background } = run(async () => undefined);
  await clock.advance(59_999);
  assert.deepEqual(counts, [1]);
  await clock.advance(1);
  assert.deepEqual(counts, [2]);
  await background.stop();
});

test('news wake it', async () => {
  const { counts, background } = run(async () => undefined);
  await settled();
  background.nudge();
  await settled();
  assert.deepEqual(counts, [2]);
  await background.stop();
});

test('news that come while a tick runs are not lost', async () => {
  const first = Promise.withResolvers<void>();
  const { counts, background } = run(async () => {
    await first.promise;
    return undefined;
  });
  background.nudge();
  background.nudge();
  assert.deepEqual(counts, [1]);
  first.resolve();
  await settled();
  assert.deepEqual(counts, [2]);
  await background.stop();
});

test('a tick that fails is reported and tried again after a second, and keeps no other from running', async () => {
  const full = new Error('no space left on device');
  const { clock, counts, errors, background } = run(
    () => Promise.reject(full),
    async () => undefined,
  );
  await settled();
  assert.deepEqual(counts, [1, 1]);
  await clock.advance(1000);
  assert.deepEqual(counts, [2, 2]);
  assert.deepEqual(errors, [full, full]);
  await background.stop();
});

test('a stop waits for the tick under way, and none runs after it', async () => {
  const under = Promise.withResolvers<void>();
  const { clock, counts, background } = run(async () => {
    await under.promise;
    return 10;
  });
  let stopped = false;
  const stop = background.stop().then(() => {
    stopped = true;
  });
  await settled();
  assert.equal(stopped, false);
  under.resolve();
  await stop;
  background.nudge();
  await clock.advance(1000);
  assert.deepEqual(counts, [1]);
});
