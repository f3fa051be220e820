import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { collectedBytes, MinorGc } from '../../src/http/minor-gc.ts';

test('garbage is collected each time that so many bytes have come together', () => {
  let collections = 0;
  const garbage = new MinorGc(() => collections++);
  const seen = [collectedBytes - 1, 1, collectedBytes / 2, collectedBytes].map((bytes) => {
    garbage.add(bytes);
    return collections;
  });
  assert.deepEqual(seen, [0, 1, 1, 2]);
});

test('garbage that V8 has collected meanwhile is not collected again', async () => {
  setFlagsFromString('--expose-gc');
  const collect: NodeJS.GCFunction = runInNewContext('gc');
  let collections = 0;
  const garbage = new MinorGc(() => collections++);
  // What was made in a turn lives until its end.
  await turn();
  collect({ type: 'minor', execution: 'sync' });
  garbage.add(collectedBytes);
  assert.equal(collections, 0);
  garbage.add(collectedBytes);
  assert.equal(collections, 1);
});
