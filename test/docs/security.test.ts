import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mutants } from '../../sim/mutants/mutants.ts';
import { isThere, type NamedTest, testsIn } from './named-test.ts';

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
    for (const each of tests) assert.ok(isThere(each), `${threat}: ${each.file}: ${each.name}`);
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
  readonly tests: readonly NamedTest[];
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
      tests: testsIn(tests!),
      bugs: [...(bugs ?? '').matchAll(/`([a-z0-9-]+)`/g)].map(([, name]) => name!),
    };
  });
}
