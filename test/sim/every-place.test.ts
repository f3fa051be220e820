import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flipEveryBit } from '../../sim/every-bit.ts';
import { strikeEveryCall } from '../../sim/every-call.ts';

// Slices. All of it: npm run sim -- --every-call, npm run sim -- --every-bit.

test('whatever call of the disk fails, is short, or is the last, every promise is kept', async () => {
  let struck = 0;
  for await (const { call, fate, violations } of strikeEveryCall(1, 37)) {
    assert.deepEqual(violations, [], `${fate} at call ${call}`);
    struck++;
  }
  assert.ok(struck >= 50, `only ${struck} calls`);
});

test('whatever bit of a data directory flips, it is found out or does no harm', async () => {
  const counts = { found: 0, harmless: 0, unnoticed: 0 };
  for await (const { outcome, place } of flipEveryBit(101)) {
    assert.notEqual(outcome, 'unnoticed', place);
    counts[outcome]++;
  }
  assert.ok(counts.found > 100, `only ${counts.found} were found out`);
});
