import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FunctionUsers } from '../../../../src/services/lambda/functions/function-users.ts';

const keys = Array.from({ length: 100 }, (_, index) => `000000000000/eu-central-1/function-${index}`);

test('a function is the same user after a restart, whichever function is called first', () => {
  const [before, after] = [new FunctionUsers(), new FunctionUsers()];
  const asked = new Map(keys.map((key) => [key, before.of(key).uid]));
  assert.equal(asked.size, new Set(asked.values()).size);
  const moved = keys.toReversed().filter((key) => after.of(key).uid !== asked.get(key));
  // No two of these are cast to the same place.
  assert.deepEqual(moved, []);
  for (const key of keys) assert.equal(before.of(key).uid, asked.get(key));
});

test('no two functions are one user while there are users left', () => {
  const users = new FunctionUsers();
  const ids = new Set(Array.from({ length: 2_000 }, (_, index) => users.of(`key ${index}`).uid));
  assert.equal(ids.size, 2_000);
  for (const id of ids) assert.ok(id >= 30_000 && id < 60_000, String(id));
});
