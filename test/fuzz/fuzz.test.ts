import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fuzz } from '../../fuzz/fuzz.ts';
import { Store } from '../../fuzz/store.ts';
import type { Target } from '../../fuzz/target.ts';

/** Fails for an input that has all of a word's letters in order, each of which is an answer of its own. */
const guarded: Target = {
  name: 'guarded',
  seeds: [Buffer.from('....')],
  words: ['o', 'p', 'e', 'n'],
  bytesMax: 40,
  run: (input) => {
    const text = input.toString('latin1');
    let depth = 0;
    for (const letter of 'open') {
      if (text[depth] !== letter) break;
      depth += 1;
    }
    if (depth === 4) throw new RangeError('opened');
    return `${depth} letters`;
  },
};

const options = { seed: 1, corpus: [], isOver: (runs: number) => runs >= 20_000 };

test('what leads on is followed, and what is found is made short', async () => {
  const { findings, answers } = await fuzz(guarded, options);
  assert.deepEqual([...answers].sort(), ['0 letters', '1 letters', '2 letters', '3 letters']);
  assert.deepEqual(
    findings.map(({ input }) => String(input)),
    ['open'],
  );
});

test('a seed decides everything', async () => {
  const [first, second, other] = await Promise.all(
    [1, 1, 2].map((seed) => fuzz(guarded, { ...options, seed })),
  );
  assert.deepEqual(first!.kept, second!.kept);
  assert.notDeepEqual(first!.kept, other!.kept);
});

test('a target that changes its input is a finding', async () => {
  const run = (input: Buffer) => {
    input.fill(0);
    return '';
  };
  const { findings } = await fuzz({ ...guarded, run }, { ...options, isOver: (runs) => runs >= 10 });
  assert.match(String(findings[0]?.error), /the input was changed/);
});

test('findings and the corpus are read as they were kept', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'millrace-fuzz-'));
  t.after(() => rmSync(root, { recursive: true }));
  const store = new Store(root);
  assert.deepEqual([store.corpus('a'), store.findings('a').size], [[], 0]);
  store.addFinding('a', Buffer.from('\n\xff'));
  store.keepCorpus('a', [Buffer.from('bb'), Buffer.from('a'), Buffer.from('a')]);
  assert.deepEqual([...store.findings('a').values()], [Buffer.from('\n\xff')]);
  assert.deepEqual(store.corpus('a').map(String).sort(), ['a', 'bb']);
});
