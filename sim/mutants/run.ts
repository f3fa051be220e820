import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutant.ts';
import { type Place, placesFrom } from './place.ts';

/** What came of a hunt. `caught` is the sentence that was broken, or the test that failed; undefined when nothing was. */
export type Catch = {
  readonly mutant: Mutant;
  readonly caught: string | undefined;
  /** The world that caught it, when it was one. */
  readonly place: Place | undefined;
  readonly seconds: number;
};

/** How far a hunt goes. */
export type Patience = { readonly seeds: number; readonly seconds: number };

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Hunts mutants, some at once, and tells of each as soon as it is caught or given up. */
export async function huntAll(
  mutants: readonly Mutant[],
  patience: Patience,
  tell: (found: Catch) => void,
): Promise<Catch[]> {
  const found: Catch[] = [];
  const waiting = [...mutants];
  const hunter = async () => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const outcome = await hunt(mutant, patience);
      found.push(outcome);
      tell(outcome);
    }
  };
  await Promise.all(Array.from({ length: huntersMax }, hunter));
  return found;
}

const huntersMax = 2;

async function hunt(mutant: Mutant, patience: Patience): Promise<Catch> {
  const started = performance.now();
  const { proof } = mutant;
  const caught =
    proof.kind === 'test' ? await failing(mutant, proof.file, proof.test) : await breaking(mutant, patience);
  return {
    mutant,
    caught: undefined,
    place: undefined,
    ...caught,
    seconds: (performance.now() - started) / 1000,
  };
}

/** Plays worlds from the one that is known to catch it. */
async function breaking(
  mutant: Mutant,
  { seeds, seconds }: Patience,
): Promise<{ caught: string; place: Place } | undefined> {
  if (mutant.proof.kind === 'test') return undefined;
  const { breaks, place } = mutant.proof;
  return firstBroken(mutant.name, breaks, [...placesFrom(place, seeds)], seconds);
}

/** The program as it is, in worlds that caught something: the first promise that it breaks, undefined when it keeps all. */
export async function control(places: readonly Place[]): Promise<string | undefined> {
  const broken = await firstBroken(undefined, '', places, Number.POSITIVE_INFINITY);
  return broken === undefined ? undefined : `world ${broken.place}: ${broken.caught}`;
}

async function firstBroken(
  name: string | undefined,
  breaks: string,
  places: readonly Place[],
  seconds: number,
): Promise<{ caught: string; place: Place } | undefined> {
  const { output, errors, code } = await run(name, ['sim/mutants/hunt.ts', breaks, ...places], seconds);
  if (output !== '') {
    const { place, sentence } = JSON.parse(output) as { place: Place; sentence: string };
    return { caught: sentence, place };
  }
  const hasRun = code === 0 || code === null;
  if (!hasRun) throw new Error(`${name ?? 'The program'} does not run: ${errors}`);
  return undefined;
}

/** Runs one test, which passes without the mutant. */
async function failing(mutant: Mutant, file: string, test: string): Promise<{ caught: string } | undefined> {
  const pattern = `--test-name-pattern=^${RegExp.escape(test)}$`;
  const { output, errors } = await run(mutant.name, ['--test-reporter=tap', pattern, file], testSeconds);
  if (!output.includes('# tests 1')) throw new Error(`${file} has no test '${test}': ${errors}`);
  return output.includes('# fail 1') ? { caught: `test: ${test}` } : undefined;
}

const testSeconds = 60;

type Ended = { readonly output: string; readonly errors: string; readonly code: number | null };

/** Runs a program with a mutant in it, or as it is, in a process of its own, until it ends or the time is over. */
function run(name: string | undefined, args: readonly string[], seconds: number): Promise<Ended> {
  // A test runner above would take the child for one of its own, which reports otherwise.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const child = spawn(process.execPath, ['--import', './sim/mutants/hook.ts', ...args], {
    cwd: root,
    env: {
      ...environment,
      ...(name === undefined ? {} : { PLANTED_MUTANT: name }),
      NODE_COMPILE_CACHE: join(tmpdir(), 'millrace-compile-cache'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(Number.isFinite(seconds) ? { timeout: seconds * 1000, killSignal: 'SIGKILL' } : {}),
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => errors.push(bytes));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ output: String(Buffer.concat(output)), errors: String(Buffer.concat(errors)), code });
    });
  });
}
