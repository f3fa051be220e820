import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bell } from '../../src/env/bell.ts';
import { nodeClock } from '../../src/env/node-clock.ts';

test('a bell rings with what it follows, until the signal', async () => {
  let hasSlept = false;
  const sleep = async () => {
    hasSlept = true;
  };
  const bell = new Bell({ ...nodeClock, sleep });
  const end = new AbortController();
  let asked = 0;
  const changed = async () => {
    asked += 1;
    // A third time is after the signal.
    assert.ok(asked <= 2);
    if (asked === 2) end.abort(null);
  };
  await bell.ringWith({ changed }, end.signal);
  assert.equal(asked, 2);
  // One that has rung is not waited for.
  await bell.wait(nodeClock.monotonic() + 1);
  assert.equal(hasSlept, false);
});
