import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from '../../fuzz/fuzz.ts';
import { Store } from '../../fuzz/store.ts';
import { targets } from '../../fuzz/targets.ts';
import { times } from '../length.ts';

/** What costs a fraction of a millisecond is tried less often. */
const slow: ReadonlySet<string> = new Set([
  ...['frames', 'http-head', 'sigv4', 'gzip', 'dynamodb-expressions', 'peer-frames'],
]);
const seed = Number(process.env['PROPERTY_SEED'] ?? 1);
const store = new Store();

for (const target of targets) {
  test(`${target.name}: a slice of fuzzing finds nothing`, async () => {
    const runsMax = slow.has(target.name) ? times(600, 50_000) : times(6_000, 1_000_000);
    const corpus = store.corpus(target.name);
    const { runs, findings, answers } = await fuzz(target, {
      seed,
      corpus,
      isOver: (runs) => runs >= runsMax,
    });
    for (const { input, error } of findings) {
      throw new Error(`${JSON.stringify(input.toString('latin1'))} (seed ${seed})`, { cause: error });
    }
    assert.equal(runs, runsMax);
    assert.ok(answers.size > 1, 'all inputs came to the same');
  });
}
