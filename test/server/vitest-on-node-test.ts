import assert from 'node:assert/strict';

export { after as afterAll, before as beforeAll, test } from 'node:test';

/** As much of vitest's as the example in docs/testing.md needs. */
export function expect(actual: unknown) {
  return { toEqual: (expected: unknown) => assert.deepEqual(actual, expected) };
}
