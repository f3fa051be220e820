import { setTimeout as sleep } from 'node:timers/promises';
import { latencyOf } from '../../harness/statistics.ts';
import { openMillrace } from '../contender.ts';
import { BenchFunctions, toldBy, untilTold } from '../lambda/functions.ts';
import { timedPuts } from '../lambda/timed-puts.ts';
import { processTree, treeCpuSeconds } from '../process-tree.ts';
import type { Scenario } from '../scenarios.ts';

/** From sending a put to entering a warm function of Node, at 100 records a second of 1 KiB, one to a put. */
export const lambdaLatency: Scenario = {
  name: 'lambda-latency',
  group: 'lambda',
  rounds: ({ rounds }) => rounds,
  async measure(turn) {
    await using server = await turn.start(1, { contender: openMillrace });
    const functions = new BenchFunctions(server);
    const entered = await functions.make('entered', 'entered');
    await functions.map(entered.name);
    const warm = warmSecondsMin * perSecond;
    const count = Math.max(1, Math.round(turn.options.seconds * 2.5 * perSecond));
    await timedPuts(server.port, { count: warm, perSecond });
    await timedPuts(server.port, { count, perSecond });
    await untilTold(entered, (lines) => lines.length >= warm + count);
    const times = toldBy(entered).slice(warm).map(Number);
    const { p50Ms, p99Ms, maxMs } = latencyOf(times);
    turn.note({ enteredP50Ms: p50Ms, enteredP99Ms: p99Ms, enteredMaxMs: maxMs });
  },
};

const perSecond = 100;
/** Until compilers have seen the code, of server and function. */
const warmSecondsMin = 3;

/** 5,000 records of 1 KiB a second through one mapping of four shards, a hundred to a batch. */
export const lambdaThroughput: Scenario = {
  name: 'lambda-throughput',
  group: 'lambda',
  async measure(turn) {
    await using server = await turn.start(4, { contender: openMillrace });
    const functions = new BenchFunctions(server);
    const counting = await functions.make('counting', 'counting');
    const mapping = await functions.map(counting.name, { BatchSize: 100 });
    const lags: number[] = [];
    let isOver = false;
    const watch = async () => {
      while (!isOver) {
        lags.push(await functions.lagMs(mapping));
        await sleep(250);
      }
    };
    const watching = watch();
    const seconds = 3 * turn.options.seconds;
    const cpuBefore = treeCpuSeconds(server.pid);
    const load = { operation: 'PutRecords', recordsPerRequest: 100, requestsPerSecond: 50 } as const;
    const outcome = await turn.run(server, { kind: 'open', ...load, warmSeconds: 1, seconds });
    const beganMs = performance.now();
    await untilTold(counting, (lines) => countedBy(lines) >= outcome.acknowledged);
    const behindMs = performance.now() - beganMs;
    isOver = true;
    await watching;
    const functionMicros = cpuOf(toldBy(counting)) / outcome.acknowledged;
    const allMicros = ((treeCpuSeconds(server.pid) - cpuBefore) * 1e6) / outcome.acknowledged;
    turn.note({
      putsPerSecond: outcome.records / outcome.seconds,
      lagMs: Math.max(...lags),
      behindMs,
      serverMicros: allMicros - functionMicros,
      functionMicros,
      instances: processTree(server.pid).length - 1,
    });
  },
};

/** What each instance has told last: sums of its own. */
function latest(lines: readonly string[]): { readonly records: number; readonly micros: number }[] {
  const told = lines.map((line) => line.split(' '));
  const byInstance = new Map<string, { records: number; micros: number }>();
  for (const [instance, records, micros] of told)
    byInstance.set(instance!, { records: Number(records), micros: Number(micros) });
  return [...byInstance.values()];
}

function countedBy(lines: readonly string[]): number {
  return latest(lines).reduce((sum, { records }) => sum + records, 0);
}

function cpuOf(lines: readonly string[]): number {
  return latest(lines).reduce((sum, { micros }) => sum + micros, 0);
}

/** From a synchronous call of a function that no process runs yet to its answer; and once one does. */
export const lambdaColdStart: Scenario = {
  name: 'lambda-cold-start',
  group: 'lambda',
  async measure(turn) {
    await using server = await turn.start(1, { contender: openMillrace });
    const functions = new BenchFunctions(server);
    const names = Array.from({ length: turn.options.isQuick ? 3 : 20 }, (_, nth) => `cold-${nth}`);
    for (const name of names) await functions.make(name, 'nothing');
    // The first call has the server load what runs functions.
    await functions.invoke(names[0]!);
    const cold: number[] = [];
    const warm: number[] = [];
    for (const name of names.slice(1)) {
      cold.push(await functions.invoke(name));
      warm.push(await functions.invoke(name));
    }
    const { p50Ms, maxMs } = latencyOf(cold);
    turn.note({ coldStartP50Ms: p50Ms, coldStartMaxMs: maxMs, warmInvokeP50Ms: latencyOf(warm).p50Ms });
  },
};

/** What 100 mappings cost that nothing comes to, in memory and in CPU over some seconds. */
export const lambdaIdle: Scenario = {
  name: 'lambda-idle',
  group: 'lambda',
  rounds: () => 1,
  async measure(turn) {
    await using server = await turn.start(1, { contender: openMillrace });
    const functions = new BenchFunctions(server);
    const { name } = await functions.make('idle-0', 'nothing');
    await functions.map(name);
    const before = await atRest(server, turn.options.seconds);
    for (let nth = 1; nth <= mappingCount; nth++)
      await functions.map((await functions.make(`idle-${nth}`, 'nothing')).name);
    const after = await atRest(server, turn.options.seconds);
    turn.note({
      cpuPercent: before.cpuPercent,
      mappingsCpuPercent: after.cpuPercent,
      residentMegabytes: after.megabytes,
      mappingsMegabytes: after.megabytes - before.megabytes,
    });
  },
};

const mappingCount = 100;

async function atRest(server: { readonly pid: number; residentMegabytes(): number }, seconds: number) {
  await sleep(2_000);
  const cpuBefore = treeCpuSeconds(server.pid);
  await sleep(seconds * 2_500);
  const cpuPercent = ((treeCpuSeconds(server.pid) - cpuBefore) / (seconds * 2.5)) * 100;
  return { cpuPercent, megabytes: server.residentMegabytes() };
}
