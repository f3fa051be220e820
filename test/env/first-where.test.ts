import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstWhere } from '../../src/env/first-where.ts';

test('the first place is found for which something holds from there on, or the length', () => {
  for (let length = 0; length < 12; length++) {
    for (let place = 0; place <= length; place++) {
      assert.equal(
        firstWhere(length, (index) => index >= place),
        place,
      );
    }
  }
});
