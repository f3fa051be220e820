/** `npm run bench`: Millrace next to its peers, on this machine, today. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contenders } from './contender.ts';
import { LoadGenerator } from './load-generator.ts';
import { isInMemory, thisMachine } from './machine.ts';
import { type Options, parseOptions, usage } from './options.ts';
import { installPeers } from './peers.ts';
import { numbersPage, report } from './report.ts';
import type { Results } from './results.ts';
import { Session } from './session.ts';
import { Workshop } from './workshop.ts';

const options = optionsOrExit();
if (process.platform !== 'linux') {
  fail(
    `The benchmark reads the server's CPU time and memory from /proc and runs on Linux only, not on ${process.platform}.`,
  );
}
await bench(options);

async function bench(options: Options): Promise<void> {
  const chosen = contenders.filter(({ name }) => options.only.includes(name));
  const hasPeers = chosen.some(({ isPeer }) => isPeer) && installPeers();
  const present = chosen.filter(({ isPeer }) => hasPeers || !isPeer);
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
  const results = emptyResults(options, workshop.isPinned);
  try {
    await new Session(workshop, new LoadGenerator(workshop), options, results).run(present);
  } finally {
    workshop.close();
  }
  console.log(`\n${report(results, present)}`);
  save(
    options.output ?? join(import.meta.dirname, 'results', `${results.date.replaceAll(':', '-')}.json`),
    results,
  );
  if (options.isWritten)
    writeFileSync(join(import.meta.dirname, 'numbers.md'), numbersPage(results, present));
}

function emptyResults(options: Options, isPinned: boolean): Results {
  return {
    date: new Date().toISOString().slice(0, 19),
    command: options.command,
    machine: thisMachine(options.directory),
    isPinned,
    calibrations: [],
    runs: [],
    failures: [],
    discarded: 0,
    disturbed: 0,
  };
}

function save(path: string, results: Results): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`All of it is in ${path}`);
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
