/** `npm run bench`: Millrace next to its peers, on this machine, today. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installPeers } from '../harness/peers.ts';
import { type Contender, contenders } from './contender.ts';
import { LoadGenerator } from './load-generator.ts';
import { isInMemory, thisMachine } from './machine.ts';
import { type Options, parseOptions, usage } from './options.ts';
import { reportPage } from './page.ts';
import { numbersPage, report } from './report.ts';
import { joined, type Results } from './results.ts';
import { Session } from './session.ts';
import { Workshop } from './workshop.ts';

const options = optionsOrExit();
if (options.from.length === 0 && process.platform !== 'linux') {
  fail(
    `The benchmark reads the server's CPU time and memory from /proc and runs on Linux only, not on ${process.platform}.`,
  );
}
const results = options.from.length > 0 ? joined(options.from.map(load)) : await measure(options);
console.log(`\n${report(results)}`);
save(results, options);

async function measure(options: Options): Promise<Results> {
  const chosen = contenders.filter(({ name }) => options.only.includes(name));
  const results = emptyResults(options);
  const present = presentOf(chosen, results);
  if (isInMemory(options.directory)) {
    console.log(
      `${options.directory} is in memory, where fsync costs nothing: give a --directory on a disk.`,
    );
  }
  const workshop = new Workshop(options.directory);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      workshop.close();
      process.exit(130);
    });
  }
  try {
    await new Session(workshop, new LoadGenerator(workshop), options, results).run(present);
  } finally {
    workshop.close();
  }
  return { ...results, isPinned: workshop.isPinned };
}

/** Those that can take part here; why the others cannot is among the results. */
function presentOf(chosen: readonly Contender[], { skipped }: Results): Contender[] {
  const hasPeers = chosen.some(({ isPeer }) => isPeer) && installPeers();
  return chosen.filter(({ title, isPeer, obstacle }) => {
    const reason = isPeer && !hasPeers ? 'it could not be installed' : obstacle?.();
    if (reason !== undefined) skipped.push(`${title} took no part: ${reason}.`);
    return reason === undefined;
  });
}

function emptyResults(options: Options): Results {
  return {
    date: new Date().toISOString().slice(0, 19),
    command: options.command,
    machine: thisMachine(options.directory),
    isPinned: false,
    calibrations: [],
    runs: [],
    failures: [],
    skipped: [],
    discarded: 0,
    disturbed: 0,
  };
}

function load(path: string): Results {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** The results as they are, unless they came from files, and a page with the curves next to them. */
function save(results: Results, { from, output, isWritten }: Options): void {
  const path = output ?? join(import.meta.dirname, 'results', `${results.date.replaceAll(':', '-')}.json`);
  const page = path.replace(/(\.json)?$/, '.html');
  mkdirSync(dirname(path), { recursive: true });
  if (from.length === 0) writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(page, reportPage(results));
  console.log(`All of it is in ${path}, and with curves in ${page}`);
  if (isWritten) writeFileSync(join(import.meta.dirname, 'numbers.md'), numbersPage(results));
}

function optionsOrExit(): Options {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options) return options;
  } catch (error) {
    fail((error as Error).message);
  }
  console.log(usage);
  process.exit(0);
}

function fail(message: string): never {
  console.error(`bench: ${message}`);
  process.exit(2);
}
