import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { apiPage, apiPagePath } from '../../scripts/api-docs.ts';

test('the API page is what the operations say; `npm run docs` writes it', () => {
  assert.equal(readFileSync(apiPagePath, 'utf8'), apiPage());
});

test('every link of the API page leads somewhere', () => {
  const page = apiPage();
  const headings = new Set([...page.matchAll(/^##? (.*)$/gm)].map(([, heading]) => heading!.toLowerCase()));
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor!);
  assert.ok(links.length > 0);
  assert.deepEqual(
    links.filter((anchor) => !headings.has(anchor)),
    [],
  );
});
