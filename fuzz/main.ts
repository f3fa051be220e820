// Fuzzes what reads bytes from outside.
//
//   npm run fuzz                              each target for a minute
//   npm run fuzz -- --target json --seconds 600 --seed 7
//   npm run fuzz -- --keep                    the inputs that lead furthest are kept in fuzz/corpus
//
// What shows a fault is kept in fuzz/findings, and `npm test` fails until it is mended. Exits with 1 when
// something was found, with 2 when it is not understood.
import { parseArgs } from 'node:util';
import { Coverage } from './coverage.ts';
import type { Finding } from './finding.ts';
import { fuzz } from './fuzz.ts';
import { Store } from './store.ts';
import type { Target } from './target.ts';
import { targets } from './targets.ts';

const store = new Store();
const { chosen, seconds, seed, keep } = readOptions();
let found = 0;
for (const target of chosen) found += await run(target);
process.exitCode = found > 0 ? 1 : 0;

async function run(target: Target): Promise<number> {
  using coverage = new Coverage();
  const started = performance.now();
  const isOver = (runs: number) => {
    const elapsed = (performance.now() - started) / 1000;
    if (process.stderr.isTTY && runs % 1_000 === 0) {
      process.stderr.write(`\r\x1b[K${target.name}: ${runs} runs, ${elapsed.toFixed(0)} s`);
    }
    return elapsed >= seconds;
  };
  const corpus = store.corpus(target.name);
  const onFinding = (finding: Finding) => report(target, finding);
  const { runs, kept, answers, findings } = await fuzz(target, { seed, isOver, corpus, coverage, onFinding });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (keep) store.keepCorpus(target.name, [...corpus, ...kept]);
  const rate = Math.round((runs / (performance.now() - started)) * 1000);
  console.log(
    `${target.name.padEnd(14)} ${runs} runs, ${rate} a second; ${answers.size} kinds of answer, ` +
      `${coverage.size} characters of code run, ${kept.length} inputs led on, ${findings.length} findings`,
  );
  return findings.length;
}

function report({ name }: Target, { input, error, cause }: Finding): void {
  console.log(`${name}: ${cause}\n  kept as ${store.addFinding(name, input)}`);
  console.log(error);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        target: { type: 'string', multiple: true },
        seconds: { type: 'string', default: '60' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        keep: { type: 'boolean', default: false },
      },
    });
    const names = values.target ?? targets.map(({ name }) => name);
    const unknown = names.find((name) => !targets.some((target) => target.name === name));
    if (unknown !== undefined) {
      throw new Error(`there is no target ${unknown}, but ${targets.map(({ name }) => name).join(', ')}`);
    }
    const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
    if (!(seconds > 0) || !Number.isInteger(seed)) throw new Error('--seconds and --seed are numbers');
    console.log(`seed ${seed}`);
    return { chosen: targets.filter(({ name }) => names.includes(name)), seconds, seed, keep: values.keep };
  } catch (error) {
    console.error(`fuzz: ${(error as Error).message}`);
    process.exit(2);
  }
}
