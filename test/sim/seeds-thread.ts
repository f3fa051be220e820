import { isDeepStrictEqual } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from '../../sim/simulation.ts';

// The test runner follows every promise of its own thread, and a world has many. So they have a thread of
// their own.
parentPort?.postMessage(await play(workerData));

/** Seeds to play, the first of them twice to compare the two: so many. */
export type Task = { readonly seeds: readonly number[]; readonly replayed: number };

/** What came of some seeds: how many records were acknowledged, and what is wrong. */
export type Outcome = { readonly acknowledged: number; readonly complaints: readonly string[] };

async function play({ seeds, replayed }: Task): Promise<Outcome> {
  let acknowledged = 0;
  const complaints: string[] = [];
  for (const [index, seed] of seeds.entries()) {
    const verdict = await simulate(seed);
    acknowledged += verdict.acknowledged;
    const replay = `Replay it: npm run sim -- --seed ${seed}`;
    complaints.push(...verdict.violations.slice(0, 5).map((sentence) => `${sentence} ${replay}`));
    if (index < replayed && !isDeepStrictEqual(await simulate(seed), verdict))
      complaints.push(`seed ${seed} is another world each time`);
  }
  return { acknowledged, complaints };
}
