import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readFolder } from '../../src/env/node-folder.ts';
import { type ConsoleFiles, consoleFiles } from '../../src/server/console/console-files.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'console-'));
let files: ConsoleFiles;

before(async () => {
  const made = join(folder, 'made');
  execFileSync(process.execPath, [join(root, 'scripts/build-console.mjs'), made], { stdio: 'pipe' });
  files = await consoleFiles(await readFolder(pathToFileURL(`${made}/`)));
});

after(() => rmSync(folder, { recursive: true }));

function textOf(name: string): string {
  return files.get(name)!.plain.toString();
}

test('all of the console, as it is sent, is no more than 120 KiB', (context) => {
  const sizes = [...files].map(([name, { packed }]) => `${name} ${packed.length}`);
  const bytes = [...files.values()].reduce((sum, { packed }) => sum + packed.length, 0);
  context.diagnostic(`${bytes} bytes: ${sizes.join(', ')}`);
  assert.ok(bytes <= 120 * 1024, `${bytes} bytes: ${sizes.join(', ')}`);
});

test('the page names files that are there, and a kind of pages fetches no other kind', () => {
  const named = [...textOf('index.html').matchAll(/(?:href|src)="\/console\/([^"]+)"/g)].map(
    ([, name]) => name!,
  );
  assert.equal(named.length, 3);
  for (const name of named) assert.ok(files.has(name), name);
  const scripts = [...files.keys()].filter((name) => name.endsWith('.js'));
  assert.ok(scripts.length <= 6, scripts.join());
  for (const script of scripts) {
    const fetched = [...textOf(script).matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)].map(([, name]) => name!);
    assert.deepEqual(
      fetched.filter((name) => !named.includes(name)),
      [],
      script,
    );
  }
});

test('a style sheet keeps its rules, and what is in quotes, when it is made smaller', async () => {
  const style = [...files.keys()].find((name) => name.endsWith('.css'))!;
  const rules = textOf(style).match(/[{]/g)!.length;
  const written = globSync(join(root, 'console/**/*.css')).map((path) =>
    readFileSync(path, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, ''),
  );
  assert.equal(rules, written.join('').match(/[{]/g)!.length);
  assert.match(textOf(style), /content:"\/"/);
  assert.doesNotMatch(textOf(style), /\/\*|\n| {2}/);
});
