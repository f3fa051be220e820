import assert from 'node:assert/strict';
import { parentPort, workerData } from 'node:worker_threads';
import { numbered } from '../../../harness/shard-text.ts';
import { times } from '../../length.ts';
import { directory, expectDamageOr, writeDamageable } from './damageable.ts';

/** Usually one bit in three, which are all of the eight in turn. */
const step = times(3, 1);

// Many thousand logs are opened. The test runner follows every promise of its own thread, so they have
// theirs.
parentPort?.postMessage(await flipBits(workerData));

async function flipBits(state: 'closed' | 'killed'): Promise<{ flips: number; found: number }> {
  const rounds = 4;
  const disk = await writeDamageable({ state, rounds, segmentBytes: 600, seed: 1 });
  let found = 0;
  let flips = 0;
  const names = await disk.list(directory);
  // What is finished looks the same in both.
  for (const name of state === 'closed' ? names : names.slice(-1)) {
    const path = `${directory}/${name}`;
    for (let bit = 0; bit < disk.file(path).bytes.length * 8; bit += step) {
      const flipped = disk.copy();
      flipped.file(path).bytes[bit >> 3]! ^= 1 << (bit & 7);
      flips += 1;
      try {
        if (await expectDamageOr(flipped, (texts) => check(texts, rounds, state))) found += 1;
      } catch (error) {
        throw new Error(`${path}: bit ${bit & 7} of byte ${bit >> 3}`, { cause: error });
      }
    }
  }
  return { flips, found };
}

/**
 * After a crash it is not known whether the last round was acknowledged, so its damage passes for a torn end.
 */
function check(texts: readonly string[][], rounds: number, state: 'closed' | 'killed'): void {
  const certain = state === 'closed' ? rounds : rounds - 1;
  for (const found of texts) {
    assert.deepEqual(found.slice(0, certain), numbered(0, certain));
    assert.deepEqual(found.slice(certain), numbered(certain, found.length));
  }
}
