import { isDeepStrictEqual } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from '../../sim/simulation.ts';

// The test runner follows every promise of its own thread, and a world has many. So they have a thread of their own.
parentPort?.postMessage(await playTwice(workerData));

/** What came of some seeds: how many records were acknowledged, and what is wrong. */
export type Outcome = { readonly acknowledged: number; readonly complaints: readonly string[] };

async function playTwice(seeds: readonly number[]): Promise<Outcome> {
  let acknowledged = 0;
  const complaints: string[] = [];
  for (const seed of seeds) {
    const verdict = await simulate(seed);
    acknowledged += verdict.acknowledged;
    const replay = `Replay it: npm run sim -- --seed ${seed}`;
    complaints.push(...verdict.violations.slice(0, 5).map((sentence) => `${sentence} ${replay}`));
    if (!isDeepStrictEqual(await simulate(seed), verdict))
      complaints.push(`seed ${seed} is another world each time`);
  }
  return { acknowledged, complaints };
}
