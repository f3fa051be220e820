import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { limitsIn, limitsPage, limitsPath } from '../../scripts/limits-page.ts';

test('the page of limits is what the constants say; `npm run docs` writes it', () => {
  assert.equal(readFileSync(limitsPath, 'utf8'), limitsPage());
});

test('a limit is read with its value as written and the sentence above it', () => {
  const [found] = limitsIn('src/http/body.ts').filter(({ name }) => name === 'bodyBytesMax');
  assert.equal(found!.value, '16 * 1024 * 1024');
  assert.match(found!.sentence, /^The largest request is a BatchWriteItem of 16 MB/);
});
