import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matches, matchesWildcard, wildcardOf } from '../../../src/access/policy/wildcard.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '('), maxLength: 8 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '(', '*', '?'), maxLength: 8 });

test('a star stands for any characters, a question mark for one, and all else for itself', () => {
  fc.assert(
    fc.property(pattern, text, (pattern, text) => {
      const source = RegExp.escape(pattern).replaceAll('\\*', '.*').replaceAll('\\?', '.');
      assert.equal(matchesWildcard(pattern, text), RegExp(`^${source}$`, 's').test(text));
    }),
    { numRuns: 2000 },
  );
});

test('many stars take no more steps than the pattern times the text', () => {
  assert.equal(matchesWildcard('*a'.repeat(5000), `${'a'.repeat(2000)}b`), false);
});

test('long texts take steps in proportion to them and the pattern, however alike the two are', () => {
  const text = 'a'.repeat(8_192);
  const patterns = [
    `*${'a'.repeat(4_000)}b*`,
    `*${'ab'.repeat(2_000)}*`,
    '*a*b'.repeat(2_000),
    '*a'.repeat(9_000),
  ];
  for (const pattern of patterns) {
    const steps = { taken: 0 };
    assert.equal(matches(wildcardOf(pattern), text, steps), false);
    assert.ok(steps.taken <= 3 * (pattern.length + text.length), `${steps.taken}`);
  }
});

test('a piece with question marks takes a step for 32 of its characters and each of the text', () => {
  const text = 'a'.repeat(8_192);
  const pattern = `*${'a?'.repeat(2_000)}b*`;
  const steps = { taken: 0 };
  assert.equal(matches(wildcardOf(pattern), text, steps), false);
  assert.ok(steps.taken <= Math.ceil(pattern.length / 32) * text.length, `${steps.taken}`);
  assert.equal(matches(wildcardOf(`*${'a?'.repeat(2_000)}b*`), `${text}b`), true);
  assert.equal(matches(wildcardOf(`*b${'a?'.repeat(40)}*`), `${text}b${'a'.repeat(80)}`), true);
  assert.equal(matches(wildcardOf(`*b${'a?'.repeat(40)}*`), `${text}b${'a'.repeat(79)}`), false);
});
