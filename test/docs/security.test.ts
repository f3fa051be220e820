import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mutants } from '../../sim/mutants/mutants.ts';

const rows = rowsIn(readFileSync('docs/security.md', 'utf8'));

/** What a defence must be missed for by a test, if it is missed for nothing else. */
const worst = [
  'stolen disk',
  'forged token',
  'replayed',
  'transplanted',
  'downgraded policy',
  'disabled key',
];

test('every threat has what is done against it, and a test that is there', () => {
  assert.ok(rows.length > 50);
  for (const { threat, done, tests } of rows) {
    assert.notEqual(done, '', threat);
    assert.notEqual(tests.length, 0, threat);
    for (const { file, name } of tests) assert.ok(isThere(file, name), `${threat}: ${file}: ${name}`);
  }
});

test('every planted bug that a threat names takes the defence away from a test of that threat', () => {
  const proofs = new Map(mutants.map(({ name, proof }) => [name, proof]));
  for (const { threat, tests, bugs } of rows) {
    for (const bug of bugs) {
      const proof = proofs.get(bug);
      assert.ok(proof?.kind === 'test', `${threat}: ${bug}`);
      const isShown = tests.some(({ file, name }) => file === proof.file && name === proof.test);
      assert.ok(isShown, `${threat}: ${bug} is caught by '${proof.test}'`);
    }
  }
});

for (const words of worst) {
  test(`a planted bug takes away what is done against this: ${words}`, () => {
    const found = rows.filter(({ threat }) => threat.toLowerCase().includes(words));
    assert.notEqual(found.length, 0);
    for (const { bugs } of found) assert.notEqual(bugs.length, 0);
  });
}

type Row = {
  readonly threat: string;
  readonly done: string;
  readonly tests: readonly { readonly file: string; readonly name: string }[];
  readonly bugs: readonly string[];
};

/** The rows of all tables with these four columns. */
function rowsIn(page: string): Row[] {
  const tables = page.split(
    '| threat | what is done | test that shows it | planted bugs |\n|---|---|---|---|\n',
  );
  const lines = tables.slice(1).flatMap((table) => table.split('\n\n', 1)[0]!.trim().split('\n'));
  return lines.map((line) => {
    const [threat, done, tests, bugs, ...rest] = line.slice(2, -2).split(' | ');
    assert.equal(rest.length, 0, line);
    return {
      threat: threat!,
      done: done!,
      tests: tests!.split('<br>').map(testIn),
      bugs: [...(bugs ?? '').matchAll(/`([a-z0-9-]+)`/g)].map(([, name]) => name!),
    };
  });
}

function testIn(text: string): { file: string; name: string } {
  const [, link, name] = /^\[[^\]]+\]\(([^)]+)\): (.+)$/.exec(text) ?? [];
  assert.ok(link !== undefined && name !== undefined, text);
  return { file: join('docs', link), name };
}

/** Whether a file has a test of this name; what a template fills in may be anything. */
function isThere(file: string, name: string): boolean {
  if (!existsSync(file)) return false;
  const names = readFileSync(file, 'utf8').matchAll(/\btest\(\s*(['"`])((?:\\.|(?!\1)[^\\])+)\1/gs);
  return [...names].some(([, quote, text]) => patternOf(quote!, text!).test(name));
}

function patternOf(quote: string, text: string): RegExp {
  const said = text.replaceAll(/\\(.)/g, '$1');
  const parts = quote === '`' ? said.split(/\$\{[^}]*\}/) : [said];
  return new RegExp(`^${parts.map((part) => RegExp.escape(part)).join('.+')}$`);
}
