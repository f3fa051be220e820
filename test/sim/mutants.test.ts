import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { plantedBugsPage, plantedBugsPath } from '../../scripts/planted-bugs-page.ts';
import { type Mutant, plant } from '../../sim/mutants/mutant.ts';
import { mutants } from '../../sim/mutants/mutants.ts';
import { mutantFiles, withPlace } from '../../sim/mutants/rewrite.ts';
import { control, searchCommand, tryWhereWritten } from '../../sim/mutants/run.ts';

// Some wait for a deadline most of the time.
const together = { concurrency: 4, timeout: 60 * 60_000 };
suite('a planted bug is caught where it is written down', together, () => {
  for (const mutant of mutants) {
    test(mutant.name, async () => {
      const { caught } = await tryWhereWritten(mutant);
      assert.notEqual(caught, undefined, complaint(mutant));
    });
  }

  test('and the program without it keeps every promise there', async () => {
    const places = mutants.flatMap(({ proof }) => (proof.kind === 'test' ? [] : [proof.place]));
    assert.equal(await control(places), undefined);
  });
});

function complaint(mutant: Mutant): string {
  const { name, proof } = mutant;
  if (proof.kind === 'test') return `${proof.file} passes with '${name}' in the program: '${proof.test}'`;
  const { breaks, place } = proof;
  return `World ${place} no longer comes to '${breaks}' by '${name}'. To find another: ${searchCommand(mutant)}`;
}

test('a mutant whose text is not exactly once in its file is an error', () => {
  const edit = { file: 'counter.ts', find: 'await file.sync();', replace: '' };
  const mutant = { ...mutants[0]!, edits: [edit] };
  assert.equal(plant(mutant, 'counter.ts', 'write(); await file.sync();'), 'write(); ');
  assert.equal(plant(mutant, 'other.ts', 'await file.sync();'), 'await file.sync();');
  for (const text of ['', 'await file.sync(); await file.sync();'])
    assert.throws(() => plant(mutant, 'counter.ts', text), /expects its text once in counter\.ts/);
});

test('every planted bug finds its text in its files', () => {
  for (const mutant of mutants) {
    for (const { file } of mutant.edits) {
      const text = readFileSync(file, 'utf8');
      assert.notEqual(plant(mutant, file, text), text, mutant.name);
    }
  }
});

test('no two planted bugs have one name, and each has something to change', () => {
  assert.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length);
  for (const { name, edits } of mutants) assert.notEqual(edits.length, 0, name);
});

test('the world that catches a bug can be written down anew, whichever file lists the bug', () => {
  const simulated = mutants.filter(({ proof }) => proof.kind === 'simulation');
  assert.ok(simulated.length > 0);
  for (const mutant of simulated) {
    const texts = mutantFiles().map(({ text }) => [text, withPlace(text, mutant, '9876/5/EIO')] as const);
    const changed = texts.filter(([, after]) => after !== undefined);
    assert.equal(changed.length, 1, mutant.name);
    const [before, after] = changed[0]!;
    assert.equal(after!.split("'9876/5/EIO'").length, 2, mutant.name);
    const others = mutants.filter(({ name }) => name !== mutant.name && before.includes(`name: '${name}'`));
    assert.ok(others.every(({ name }) => after!.includes(`name: '${name}'`)));
  }
});

test('the page of planted bugs is what the proofs say; `npm run docs` writes it', () => {
  assert.equal(readFileSync(plantedBugsPath, 'utf8'), plantedBugsPage());
});
