import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutant.ts';
import { type Place, placesFrom } from './place.ts';

/**
 * What came of a trial. `caught` is the sentence that was broken, or the test that failed; undefined when
 * nothing was.
 */
export type Trial = {
  readonly mutant: Mutant;
  readonly caught: string | undefined;
  /** The world that caught it, when it was one. */
  readonly place: Place | undefined;
  readonly seconds: number;
};

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Tries a mutant where its proof says that it shows: in that world, or in that test, and nowhere else. */
export async function tryWhereWritten(mutant: Mutant): Promise<Trial> {
  const { proof } = mutant;
  return proof.kind === 'test'
    ? timed(mutant, () => failing(mutant, proof.file, proof.test))
    : timed(mutant, () => firstBroken(mutant, proof.breaks, [proof.place]));
}

/**
 * Looks for another world for a mutant that shows no longer in the one that is written down. A test cannot be
 * looked for.
 */
export async function searchWorld(mutant: Mutant): Promise<Trial> {
  const { proof } = mutant;
  return timed(mutant, async () =>
    proof.kind === 'test'
      ? undefined
      : firstBroken(mutant, proof.breaks, [...placesFrom(proof.place, searchedSeeds)]),
  );
}

/** A bug that shows in none of so many worlds needs a test, not a world. */
const searchedSeeds = 200;

/** Tries mutants, some at once, and tells of each as soon as it is caught or given up. */
export async function tryAll(
  mutants: readonly Mutant[],
  attempt: (mutant: Mutant) => Promise<Trial>,
  tell: (trial: Trial) => void,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  const waiting = [...mutants];
  const trier = async () => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const trial = await attempt(mutant);
      trials.push(trial);
      tell(trial);
    }
  };
  await Promise.all([trier(), trier()]);
  return trials;
}

/**
 * The program as it is, in worlds that catch something: the first promise that it breaks, undefined when it
 * keeps all.
 */
export async function control(places: readonly Place[]): Promise<string | undefined> {
  const broken = await firstBroken(undefined, '', [...new Set(places)]);
  return broken === undefined ? undefined : `world ${broken.place}: ${broken.caught}`;
}

/** How to find another world for a mutant. */
export function searchCommand({ name }: Mutant): string {
  return `npm run sim -- --mutants --only ${name} --search`;
}

type Found = { readonly caught: string; readonly place: Place | undefined };

async function timed(mutant: Mutant, work: () => Promise<Found | undefined>): Promise<Trial> {
  const started = performance.now();
  const { caught, place } = (await work()) ?? { caught: undefined, place: undefined };
  return { mutant, caught, place, seconds: (performance.now() - started) / 1000 };
}

async function firstBroken(
  mutant: Mutant | undefined,
  breaks: string,
  places: readonly Place[],
): Promise<Found | undefined> {
  const { output, errors, code } = await run(mutant, ['sim/mutants/hunt.ts', breaks, ...places]);
  if (output !== '') {
    const { place, sentence } = JSON.parse(output) as { place: Place; sentence: string };
    return { caught: sentence, place };
  }
  if (code !== 0) throw new Error(`${mutant?.name ?? 'The program'} does not run: ${errors}`);
  return undefined;
}

/** Properties try the same cases each time: a bug that is caught is caught again. */
const seeded = ['--import', './test/property-seed.ts'];

/** Runs one test, which passes without the mutant. */
async function failing(mutant: Mutant, file: string, test: string): Promise<Found | undefined> {
  const pattern = `--test-name-pattern=^${RegExp.escape(test)}$`;
  const { output, errors } = await run(mutant, [...seeded, '--test-reporter=tap', pattern, file]);
  if (!output.includes('# tests 1')) throw new Error(`${file} has no test '${test}': ${errors}`);
  return output.includes('# fail 1') ? { caught: `test: ${test}`, place: undefined } : undefined;
}

type Ended = { readonly output: string; readonly errors: string; readonly code: number | null };

/** Runs a program with a mutant in it, or as it is, in a process of its own, until it ends. */
async function run(mutant: Mutant | undefined, args: readonly string[]): Promise<Ended> {
  // A test runner above would take the child for one of its own, which reports otherwise.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const child = spawn(process.execPath, ['--import', './sim/mutants/hook.ts', ...args], {
    cwd: root,
    env: {
      ...environment,
      ...(mutant === undefined ? {} : { PLANTED_MUTANT: JSON.stringify(mutant) }),
      NODE_COMPILE_CACHE: join(tmpdir(), 'millrace-compile-cache'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: endlessMs,
    killSignal: 'SIGKILL',
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => errors.push(bytes));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...ended) => resolve(ended));
  });
  if (signal !== null) throw new Error(`${mutant?.name ?? 'The program'} does not end; it got ${signal}.`);
  return { output: String(Buffer.concat(output)), errors: String(Buffer.concat(errors)), code };
}

/**
 * Not a limit of how long a trial may take, which is a second: it only ends a process that would never end.
 */
const endlessMs = 30 * 60_000;
