/**
 * Starts servers of this tree and of another one in turns, as `npm start` does, and prints what each took
 * until its first answer and what it has at rest, as medians: `node bench/seen/two-trees.ts TREE [PAIRS]`. It
 * runs beside anything: CPU time and memory are what a busy machine changes least.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeStartOf } from '../../harness/start-script.ts';
import { median } from '../../harness/statistics.ts';
import { type Contender, contenders } from '../contender.ts';
import { treeCpuSeconds } from '../process-tree.ts';
import { RunningServer } from '../running-server.ts';
import { Workshop } from '../workshop.ts';

/** What is begun after the start is over then. */
const settleMs = 3_000;
const restMs = 5_000;

const [other = '', pairs = '5'] = process.argv.slice(2);
const trees = [resolve(other), resolve(import.meta.dirname, '../..')] as const;
const workshop = new Workshop('/tmp');
const found = trees.map((): AtRest[] => []);
try {
  for (let pair = 0; pair < Number(pairs); pair++) {
    for (const place of pair % 2 === 0 ? [0, 1] : [1, 0]) found[place]!.push(await atRest(trees[place]!));
  }
} finally {
  workshop.close();
}
for (const [place, tree] of trees.entries()) {
  const of = (name: keyof AtRest) => Math.round(median(found[place]!.map((each) => each[name])) * 10) / 10;
  console.log(
    `${tree}: ${of('startCpuMs')} ms of CPU, ${of('startMs')} ms to the first answer, ` +
      `${of('restMegabytes')} MB at rest, ${of('restCpuMs')} ms of CPU in ${restMs / 1000} s of rest`,
  );
}

type AtRest = {
  readonly startCpuMs: number;
  readonly startMs: number;
  readonly restMegabytes: number;
  readonly restCpuMs: number;
};

async function atRest(tree: string): Promise<AtRest> {
  await using server = await RunningServer.start(workshop, contenderOf(tree), { shardCount: 0 });
  const startCpuMs = treeCpuSeconds(server.pid) * 1000;
  await sleep(settleMs);
  const before = treeCpuSeconds(server.pid);
  await sleep(restMs);
  const restCpuMs = (treeCpuSeconds(server.pid) - before) * 1000;
  return { startCpuMs, startMs: server.startMs, restMegabytes: server.residentMegabytes(), restCpuMs };
}

/** The same server, of a tree of its own. */
function contenderOf(tree: string): Contender {
  const millrace = contenders.find(({ name }) => name === 'millrace')!;
  const script: string = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')).scripts.start;
  const { flags, env } = nodeStartOf(script);
  const program = join(tree, script.split(' ').at(-1)!);
  return {
    ...millrace,
    start(place) {
      const { args } = millrace.start(place);
      return { env, args: [...flags, program, ...args.slice(args.indexOf('serve'))] };
    },
  };
}
