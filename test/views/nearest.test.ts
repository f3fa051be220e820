import assert from 'node:assert/strict';
import { test } from 'node:test';
import { didYouMean, nearest } from '../../src/views/nearest.ts';

const commands = ['serve', 'verify', 'repair', 'help'];

test('the nearest name is a few typing slips away, whatever its case and its dashes', () => {
  for (const [typed, meant] of [
    ['verfy', 'verify'],
    ['vreify', 'verify'],
    ['serv', 'serve'],
    ['SERVE', 'serve'],
    ['re-pair', 'repair'],
    ['hepl', 'help'],
  ] as const) {
    assert.equal(nearest(typed, commands), meant, typed);
  }
});

test('a name that is near none has no nearest', () => {
  for (const typed of ['dance', '', 'x', 'serveverify', 'x'.repeat(100_000)]) {
    assert.equal(nearest(typed, commands), undefined, typed.slice(0, 20));
  }
  assert.equal(didYouMean('dance', commands), '');
  assert.equal(didYouMean('verfy', commands), ' (did you mean verify?)');
});
