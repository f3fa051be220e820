import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failedOnce } from '../../sim/seeds.ts';
import { simulate } from '../../sim/simulation.ts';

test('another seed is another world', async () => {
  assert.notEqual((await simulate(8)).digest, (await simulate(7)).digest);
});

test('seeds that failed once do not fail again', async () => {
  for (const seed of failedOnce) await passes(seed);
});

for (let first = 1; first <= 181; first += 20) {
  test(`seeds ${first} to ${first + 19} keep every promise, and replay identically`, async () => {
    let acknowledged = 0;
    for (let seed = first; seed < first + 20; seed++) acknowledged += await passes(seed);
    assert.ok(acknowledged > 1_000, `only ${acknowledged} records were acknowledged`);
  });
}

/** Answers how many records were acknowledged. */
async function passes(seed: number): Promise<number> {
  const verdict = await simulate(seed);
  const { violations, acknowledged } = verdict;
  const broken = violations.slice(0, 5).join('\n');
  assert.equal(broken, '', `replay it: npm run sim -- --seed ${seed}`);
  assert.deepEqual(await simulate(seed), verdict);
  return acknowledged;
}
