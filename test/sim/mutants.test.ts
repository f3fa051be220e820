import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { plant } from '../../sim/mutants/mutant.ts';
import { mutants } from '../../sim/mutants/mutants.ts';
import { control, huntAll } from '../../sim/mutants/run.ts';

test('every planted bug is caught, in worlds in which the program as it is keeps every promise', async () => {
  const found = await huntAll(mutants, { seeds: 300, seconds: 240 }, () => {});
  const missed = found.filter(({ caught }) => caught === undefined);
  assert.deepEqual(
    missed.map(({ mutant }) => mutant.name),
    [],
  );
  assert.ok(found.length >= 20);
  const places = found.flatMap(({ place }) => place ?? []);
  assert.equal(await control([...new Set(places)]), undefined);
});

test('a mutant whose text is not exactly once in its file is an error', () => {
  const edit = { file: 'counter.ts', find: 'await file.sync();', replace: '' };
  const mutant = { ...mutants[0]!, edits: [edit] };
  assert.equal(plant(mutant, 'counter.ts', 'write(); await file.sync();'), 'write(); ');
  assert.equal(plant(mutant, 'other.ts', 'await file.sync();'), 'await file.sync();');
  for (const text of ['', 'await file.sync(); await file.sync();'])
    assert.throws(() => plant(mutant, 'counter.ts', text), /expects its text once in counter\.ts/);
});

test('every planted bug has its line in the docs', () => {
  const page = readFileSync(new URL('../../docs/planted-bugs.md', import.meta.url), 'utf8');
  const missing = mutants.filter(({ name, sentence }) => {
    return !page.includes(`| ${sentence} |`) || !page.includes(`--only ${name}\``);
  });
  assert.deepEqual(
    missing.map(({ name }) => name),
    [],
  );
});
