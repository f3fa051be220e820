import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';

const pages = globSync(['*.md', 'docs/**/*.md', 'bench/*.md', 'sim/*.md', 'examples/**/*.md']);

const names = new Set(
  globSync('{src,harness,sim,torture,bench,scripts,test}/**/*.{ts,mjs,c}').map((path) => basename(path)),
);

test('there are pages to check', () => {
  assert.ok(pages.includes('README.md'));
});

for (const page of pages) {
  test(`every link of ${page} leads to a file and a heading that exist`, () => {
    const wrong = linksOf(page).filter((link) => !exists(page, link));
    assert.deepEqual(wrong, []);
  });
}

test('every source file that a page names is there', () => {
  const wrong = pages
    .filter((page) => page !== 'CHANGELOG.md')
    .flatMap((page) => sourcesIn(page).map((path) => ({ page, path })))
    .filter(({ path }) => !isThere(path))
    .map(({ page, path }) => `${page}: ${path}`);
  assert.deepEqual(wrong, []);
});

test('every test that a page has readers run is there', () => {
  const files = globSync('test/**/*.test.ts');
  const wrong = pages
    .flatMap((page) => [...textOf(page).matchAll(/`npm test -- ([a-z0-9/-]+\/[a-z0-9-]+)`/g)])
    .map(([, part]) => part!)
    .filter((part) => !files.some((file) => file.includes(part)));
  assert.deepEqual(wrong, []);
});

/** Paths or names of source files as prose has them, in backticks. */
function sourcesIn(page: string): string[] {
  return [...textOf(page).matchAll(/`((?:[a-z0-9-]+\/)*[a-z0-9.-]+\.(?:ts|mjs|c))`/g)].map(
    ([, path]) => path!,
  );
}

/** Paths begin at the root, at src/ or at the embedded engine. A name alone is that of a file anywhere. */
function isThere(path: string): boolean {
  if (!path.includes('/')) return names.has(path);
  return ['', 'src/', 'src/log/embedded/'].some((root) => existsSync(root + path));
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
