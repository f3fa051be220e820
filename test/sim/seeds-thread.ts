import { registerHooks } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { simulateCluster } from '../../sim/cluster/cluster-simulation.ts';
import { loadClusterModules, loadDeliveryModules } from '../../sim/late-modules.ts';
import { simulate } from '../../sim/simulation.ts';

const kinds = {
  machine: { play: (seed: number) => simulate(seed), engine: '' },
  cluster: { play: (seed: number) => simulateCluster(seed), engine: '--engine kafka ' },
  'peaceful cluster': {
    play: (seed: number) =>
      simulateCluster(seed, undefined, { gateways: 2, workMs: 2_000, isPeaceful: true }),
    engine: '--engine kafka ',
  },
} as const;

// The test runner follows every promise of its own thread, and a world has many. So they have a thread of
// their own.
parentPort?.postMessage(await play(workerData));

/** Seeds to play, the first of them twice to compare the two: so many. */
export type Task = {
  readonly seeds: readonly number[];
  readonly replayed: number;
  /** Of which kind the worlds are; absent for those of one machine. */
  readonly worlds?: keyof typeof kinds;
};

/** What came of some seeds: how many records were acknowledged, and what is wrong. */
export type Outcome = { readonly acknowledged: number; readonly complaints: readonly string[] };

async function play({ seeds, replayed, worlds = 'machine' }: Task): Promise<Outcome> {
  const { play: playOut, engine } = kinds[worlds];
  const loadedLate = await lateLoads();
  let acknowledged = 0;
  const complaints: string[] = [];
  for (const [index, seed] of seeds.entries()) {
    const verdict = await playOut(seed);
    acknowledged += verdict.acknowledged;
    const replay = `Replay it: npm run sim -- ${engine}--seed ${seed}`;
    complaints.push(...verdict.violations.slice(0, 5).map((sentence) => `${sentence} ${replay}`));
    if (index < replayed && !isDeepStrictEqual(await playOut(seed), verdict))
      complaints.push(`seed ${seed} is another world each time`);
  }
  complaints.push(
    ...loadedLate.map((url) => `${url} loads while a world is on: sim/late-modules.ts lacks it`),
  );
  return { acknowledged, complaints };
}

/**
 * Which modules of the program load from now on. In a world that takes no time, but turns of the real event
 * loop: it would be another world each time.
 */
async function lateLoads(): Promise<readonly string[]> {
  await Promise.all([loadClusterModules(), loadDeliveryModules()]);
  const loaded: string[] = [];
  registerHooks({
    load(url, context, nextLoad) {
      if (url.includes('/src/')) loaded.push(url);
      return nextLoad(url, context);
    },
  });
  return loaded;
}
