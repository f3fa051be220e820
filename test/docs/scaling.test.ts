import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { scalingPage, scalingPath } from '../../scripts/scaling-page.ts';

test('the page of sizes is what the measurements and the prices say; `npm run docs` writes it', () => {
  assert.equal(readFileSync(scalingPath, 'utf8'), scalingPage());
});
