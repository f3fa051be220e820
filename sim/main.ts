import { parseArgs } from 'node:util';
import { type ClusterVerdict, simulateCluster } from './cluster/cluster-simulation.ts';
import { FaultCount } from './cluster/faults.ts';
import { flipEveryBit } from './every-bit.ts';
import { strikeEveryCall } from './every-call.ts';
import type { Mutant } from './mutants/mutant.ts';
import { mutantNamed, mutants } from './mutants/mutants.ts';
import { writePlace } from './mutants/rewrite.ts';
import { control, searchWorld, type Trial, tryAll, tryWhereWritten } from './mutants/run.ts';
import { failedOnce, failedOnceInClusters } from './seeds.ts';
import { simulate, type Verdict } from './simulation.ts';

const usage = `Runs the server in a simulated world. Each seed is another world.

  npm run sim -- --seed 8231             replays one seed and prints its trace
  npm run sim -- --seeds 200 --from 1    runs many seeds
  npm run sim -- --minutes 10            runs seeds until the time is over
  npm run sim -- --engine kafka          the same of three brokers and one to three gateways, with --seed, --seeds or --minutes
  npm run sim -- --every-call --seed 3   fails each call of the disk in turn, and kills and cuts the power in it
  npm run sim -- --every-call --sealed   the same where all streams are encrypted, and the directory is searched
  npm run sim -- --every-bit             flips each bit of a small data directory in turn
  npm run sim -- --mutants               plants a bug after the other, and shows what catches it
  npm run sim -- --mutants --only no-sync
  npm run sim -- --mutants --search      finds and writes down other worlds for the bugs that their own no longer catch
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    engine: { type: 'string', default: 'embedded' },
    'every-bit': { type: 'boolean', default: false },
    sealed: { type: 'boolean', default: false },
    'every-call': { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    search: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** Plays out a seed of the worlds that are asked for. */
const isCluster = values.engine === 'kafka';
const playOut = worldsOf(values.engine);

if (values.help) process.stdout.write(usage);
else if (values.mutants) await hunt(values.only === undefined ? mutants : [mutantNamed(values.only)]);
else if (values['every-bit']) await flip();
else if (values['every-call']) await strike(number('seed', values.seed ?? '3'));
else if (values.seed !== undefined) await replay(number('seed', values.seed));
else await runMany();

async function replay(seed: number): Promise<void> {
  const verdict = await playOut(seed, (line) => process.stdout.write(`${line}\n`));
  process.stdout.write(`\n${summary(verdict)}\n`);
  report(verdict);
}

async function runMany(): Promise<void> {
  const started = performance.now();
  const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : number('minutes', values.minutes);
  const count = number('seeds', values.seeds ?? (values.minutes === undefined ? '200' : '1e9'));
  const from = number('from', values.from);
  let run = 0;
  let failed = 0;
  let records = 0;
  let simulatedMs = 0;
  const faults = new FaultCount();
  for (const seed of seedsOf(from, count, isCluster ? failedOnceInClusters : failedOnce)) {
    if (performance.now() - started > minutes * 60_000) break;
    const verdict = await playOut(seed);
    run++;
    records += verdict.acknowledged;
    simulatedMs += verdict.simulatedMs;
    if (isOfCluster(verdict)) faults.addAll(verdict.faults);
    if (verdict.violations.length > 0) failed++;
    report(verdict);
    if (run % 20 === 0)
      process.stdout.write(`${run} seeds, ${failed} failed${isCluster ? `, ${faults}` : ''}\n`);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { user, system } = process.cpuUsage();
  const spent = `${seconds} s, ${((user + system) / 1e6).toFixed(1)} s of CPU`;
  const lived = `${(simulatedMs / 3_600_000).toFixed(1)} simulated hours`;
  process.stdout.write(
    `${run} seeds in ${spent}: ${failed} failed, ${lived}, ${records} records acknowledged\n`,
  );
  if (isCluster) process.stdout.write(`${faults}\n`);
}

async function strike(seed: number): Promise<void> {
  let struck = 0;
  let toldAt = performance.now();
  for await (const { call, fate, violations } of strikeEveryCall(seed, { isSealed: values.sealed })) {
    struck++;
    if (violations.length > 0) process.exitCode = 1;
    for (const sentence of violations.slice(0, 3))
      process.stdout.write(`call ${call}, ${fate}: ${sentence}\n`);
    if (performance.now() - toldAt < 3_000) continue;
    toldAt = performance.now();
    process.stdout.write(`up to call ${call}\n`);
  }
  const outcome = process.exitCode === 1 ? 'promises were broken' : 'every promise kept';
  process.stdout.write(`seed ${seed}: ${struck} calls of the disk met their fate; ${outcome}\n`);
}

async function flip(): Promise<void> {
  const counts = { found: 0, harmless: 0, unnoticed: 0 };
  let toldAt = performance.now();
  for await (const { outcome, place } of flipEveryBit()) {
    counts[outcome]++;
    if (outcome === 'unnoticed') {
      process.exitCode = 1;
      process.stdout.write(`unnoticed: ${place}\n`);
    }
    if (performance.now() - toldAt < 3_000) continue;
    toldAt = performance.now();
    process.stdout.write(`up to ${place}\n`);
  }
  const { found, harmless, unnoticed } = counts;
  process.stdout.write(`${found} flips found out, ${harmless} harmless, ${unnoticed} unnoticed\n`);
}

/** Every planted bug must be caught, in worlds in which the program as it is keeps every promise. */
async function hunt(wanted: readonly Mutant[]): Promise<void> {
  const trials = await tryAll(wanted, values.search ? tryOrSearch : tryWhereWritten, (trial) =>
    process.stdout.write(`${lineOf(trial)}\n`),
  );
  const broken = await control(trials.flatMap(({ place }) => place ?? []));
  const caught = trials.filter((trial) => trial.caught !== undefined).length;
  process.stdout.write(
    `\n${caught} of ${trials.length} planted bugs caught; without them, the same worlds: `,
  );
  process.stdout.write(`${broken ?? 'every promise kept'}\n`);
  if (values.search) process.stdout.write('The page of planted bugs: npm run docs\n');
  if (caught < trials.length || broken !== undefined) process.exitCode = 1;
}

/** When its world no longer catches it, another that does is written down. */
async function tryOrSearch(mutant: Mutant): Promise<Trial> {
  const trial = await tryWhereWritten(mutant);
  if (trial.caught !== undefined) return trial;
  const found = await searchWorld(mutant);
  if (found.place !== undefined) writePlace(mutant, found.place);
  return found;
}

function lineOf({ mutant, caught, place, seconds }: Trial): string {
  const by = place === undefined ? '' : `world ${place}: `;
  const outcome = caught === undefined ? 'NOT CAUGHT' : `${by}${caught.slice(0, 100)}`;
  return `${mutant.name.padEnd(30)} ${seconds.toFixed(1).padStart(6)} s  ${mutant.sentence}\n${' '.repeat(40)}${outcome}`;
}

/** Those that failed once come first. */
function* seedsOf(from: number, count: number, failed: readonly number[]): Generator<number> {
  yield* failed;
  for (let seed = from; seed < from + count; seed++) yield seed;
}

function report({ seed, violations }: Verdict | ClusterVerdict): void {
  if (violations.length === 0) return;
  process.exitCode = 1;
  process.stdout.write(`\nSeed ${seed} breaks ${violations.length} promises:\n`);
  for (const sentence of violations.slice(0, 10)) process.stdout.write(`  ${sentence}\n`);
  const engine = isCluster ? '--engine kafka ' : '';
  process.stdout.write(`Replay it: npm run sim -- ${engine}--seed ${seed}\n\n`);
}

function summary({ seed, events, acknowledged, simulatedMs, digest }: Verdict): string {
  const seconds = (simulatedMs / 1000).toFixed(1);
  return `seed ${seed}: ${events} events in ${seconds} simulated s, ${acknowledged} records acknowledged, digest ${digest}`;
}

function worldsOf(engine: string): typeof simulateCluster | typeof simulate {
  if (engine === 'kafka') return simulateCluster;
  if (engine === 'embedded') return simulate;
  process.stderr.write(`sim: --engine must be embedded or kafka, not '${engine}'\n`);
  process.exit(2);
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  process.stderr.write(`sim: --${name} must be a number, not '${text}'\n`);
  process.exit(2);
}

function isOfCluster(verdict: Verdict): verdict is ClusterVerdict {
  return 'faults' in verdict;
}
