import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appendUnderFaults } from './faulty-world.ts';

// More of them: FIRST_SEED=1 SEEDS=1000 node --test test/log/kafka/producer-faults.test.ts
const first = Number(process.env['FIRST_SEED'] ?? 11);
const count = Number(process.env['SEEDS'] ?? 20);

test('whatever goes wrong, what is acknowledged is there exactly once and in order, and the rest at most once', async () => {
  const all = { stored: 0, unknown: 0, refused: 0 };
  for (let seed = first; seed < first + count; seed++) {
    try {
      const { stored, unknown, refused } = await appendUnderFaults(seed);
      all.stored += stored;
      all.unknown += unknown;
      all.refused += refused;
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
  assert.ok(all.stored > all.unknown, 'most is acknowledged');
});
