import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bounded } from '../../src/env/bounded.ts';

test('what was not used for longest is forgotten first', () => {
  const bounded = new Bounded<string, number>(3);
  for (const [index, key] of ['a', 'b', 'c'].entries()) bounded.set(key, index);
  assert.equal(bounded.get('a'), 0);
  bounded.set('d', 3);
  assert.equal(bounded.get('b'), undefined);
  bounded.set('c', 7);
  bounded.set('e', 4);
  assert.deepEqual(
    ['a', 'b', 'c', 'd', 'e'].map((key) => bounded.get(key)),
    [undefined, undefined, 7, 3, 4],
  );
});
