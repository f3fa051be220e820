import assert from 'node:assert/strict';
import { parentPort, workerData } from 'node:worker_threads';
import { numbered } from '../../../harness/shard-text.ts';
import { verifyLog } from '../../../src/log/embedded/verify/verify.ts';
import { times } from '../../length.ts';
import { directory, expectDamageOr, writeDamageable } from './damageable.ts';

/** Usually one bit in three, which are all of the eight in turn. */
const step = times(3, 1);

// Many thousand logs are read. The test runner follows every promise of its own thread, so they have theirs.
parentPort?.postMessage(await flipBits(workerData));

/** Flips bits, one at a time, and compares what the check says with what the engine makes of it. */
async function flipBits(state: 'closed' | 'killed'): Promise<{ flips: number; damaged: number }> {
  const rounds = 4;
  const disk = await writeDamageable({ state, rounds, segmentBytes: 600, seed: 1 });
  let damaged = 0;
  let flips = 0;
  const names = await disk.list(directory);
  for (const name of state === 'closed' ? names : names.slice(-1)) {
    const path = `${directory}/${name}`;
    for (let bit = 0; bit < disk.file(path).bytes.length * 8; bit += step) {
      const flipped = disk.copy();
      flipped.isHasty = true;
      flipped.file(path).bytes[bit >> 3]! ^= 1 << (bit & 7);
      const before = Buffer.from(flipped.file(path).bytes);
      const { findings } = await verifyLog(flipped, 'logs', 'stream');
      const label = `${path}: bit ${bit & 7} of byte ${bit >> 3}`;
      assert.ok(findings.length > 0, `${label} is not found`);
      assert.deepEqual(flipped.file(path).bytes, before, `${label} was changed`);
      const isDamaged = findings.some(({ kind }) => kind === 'damage');
      const certain = state === 'closed' ? rounds : rounds - 1;
      const isRefused = await expectDamageOr(flipped, (texts) => {
        for (const found of texts) assert.deepEqual(found.slice(0, certain), numbered(0, certain), label);
      });
      assert.equal(isDamaged, isRefused, `${label}: ${findings.map(({ message }) => message)}`);
      flips += 1;
      if (isDamaged) damaged += 1;
    }
  }
  return { flips, damaged };
}
