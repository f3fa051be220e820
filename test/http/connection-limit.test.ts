import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionLimit } from '../../src/http/connection-limit.ts';

test('connections leave the log its file descriptors, however few there are', () => {
  assert.equal(connectionLimit(undefined), 10_000);
  assert.equal(connectionLimit(1_048_576), 10_000);
  assert.equal(connectionLimit(4096), 3776);
  assert.equal(connectionLimit(1024), 704);
  assert.equal(connectionLimit(80), 10);
  assert.equal(connectionLimit(45), 5);
});
