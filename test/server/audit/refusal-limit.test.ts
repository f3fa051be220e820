import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RefusalLimit } from '../../../src/server/audit/refusal-limit.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';

function limited() {
  const clock = new ManualClock();
  const limit = new RefusalLimit(clock);
  const leftOut: number[] = [];
  const ask = (kind: string, times: number) =>
    Array.from({ length: times }, () => limit.admits(kind, (count) => leftOut.push(count))).filter(Boolean)
      .length;
  return { clock, limit, leftOut, ask };
}

test('five a second of each kind are let through, and the others are counted at its end', async () => {
  const { clock, leftOut, ask } = limited();
  assert.equal(ask('a', 100), 5);
  assert.equal(ask('b', 3), 3);
  assert.deepEqual(leftOut, []);
  await clock.advance(1_000);
  assert.deepEqual(leftOut, [95]);
  assert.equal(ask('a', 6), 5);
  await clock.advance(5_000);
  assert.deepEqual(leftOut, [95, 1]);
});

test('what was left out before an end is said at the end, once', async () => {
  const { clock, limit, leftOut, ask } = limited();
  ask('a', 8);
  limit.close();
  await clock.advance(5_000);
  assert.deepEqual(leftOut, [3]);
});
