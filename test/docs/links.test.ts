import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const pages = globSync(['*.md', 'docs/**/*.md', 'bench/*.md', 'sim/*.md', 'examples/**/*.md']);

test('there are pages to check', () => {
  assert.ok(pages.includes('README.md'));
});

for (const page of pages) {
  test(`every link of ${page} leads to a file and a heading that exist`, () => {
    const wrong = linksOf(page).filter((link) => !exists(page, link));
    assert.deepEqual(wrong, []);
  });
}

/** The targets of `[text](target)` outside code, without those elsewhere on the web. */
function linksOf(page: string): string[] {
  const prose = textOf(page)
    .replaceAll(/^```.*?^```/gms, '')
    .replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));
}

function exists(page: string, link: string): boolean {
  const [path, heading] = link.split('#', 2);
  const target = path === '' ? page : join(dirname(page), path!);
  return existsSync(target) && (heading === undefined || headingsOf(target).includes(heading));
}

/** As they are named in links: lower case, dashes for blanks, no other signs. */
function headingsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function textOf(page: string): string {
  return readFileSync(page, 'utf8');
}
