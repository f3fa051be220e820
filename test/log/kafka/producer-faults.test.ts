import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appendThroughOutages, appendUnderFaults, type Tally } from './faulty-world.ts';

// More of them: FIRST_SEED=1 SEEDS=1000 node --test test/log/kafka/producer-faults.test.ts
const first = Number(process.env['FIRST_SEED'] ?? 11);
const count = Number(process.env['SEEDS'] ?? 20);

test('whatever goes wrong, what is acknowledged is there exactly once and in order, and the rest at most once', async () => {
  const { stored, unknown } = await allOf(appendUnderFaults);
  assert.ok(stored > unknown, 'most is acknowledged');
});

test('every append is answered through outages longer than its deadline, and appends go on when they are over', async () => {
  const { stored, unknown } = await allOf(appendThroughOutages);
  assert.ok(stored > 0 && unknown > 0, 'some were acknowledged, some were not');
});

async function allOf(world: (seed: number) => Promise<Tally>): Promise<Tally> {
  const all = { stored: 0, unknown: 0, refused: 0 };
  for (let seed = first; seed < first + count; seed++) {
    try {
      const { stored, unknown, refused } = await world(seed);
      all.stored += stored;
      all.unknown += unknown;
      all.refused += refused;
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
  return all;
}
