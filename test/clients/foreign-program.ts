import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isFull } from './extent.ts';

/** A program with its arguments, the folder that it runs in, and how long it may take. */
export type ForeignProgram = {
  readonly command: readonly [program: string, ...words: string[]];
  /** With a slash at its end. */
  readonly folder: URL;
  readonly environment?: NodeJS.ProcessEnv;
  readonly seconds: number;
};

/** Runs what fetches a client's packages. Says why the client cannot run here, or `false` when it can. */
export async function whyMissing(
  command: ForeignProgram['command'],
  folder: ForeignProgram['folder'],
): Promise<string | false> {
  // In a full run, the first download may take its time.
  const seconds = isFull ? 600 : 120;
  try {
    await runProgram({ command, folder, seconds });
    return false;
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    if (error.cause === 'missing') return `${command[0]} is not installed`;
    if (error.cause === 'slow' && !isFull) {
      return `its packages did not arrive within ${seconds} s; npm run clients waits longer`;
    }
    return `its packages cannot be fetched: ${reasonIn(error.message)}`;
  }
}

/**
 * What it printed on stdout. Rejects with all that it said when it ends with another code than 0, or not in
 * time.
 */
export async function runProgram(program: ForeignProgram): Promise<string> {
  const { command, folder, seconds } = program;
  const [name, ...words] = command;
  const child = spawn(name, words, {
    cwd: fileURLToPath(folder),
    env: program.environment ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that its children end with it.
    detached: true,
  });
  let said = '';
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    printed += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (cause: Cause, what: string) => reject(new ProgramError(`${said}${name} ${what}`, { cause }));
  const limit = setTimeout(() => {
    process.kill(-child.pid!, 'SIGKILL');
    fail('slow', `did not end within ${seconds} s`);
  }, seconds * 1000);
  child.once('error', () => fail('missing', 'does not start'));
  child.once('close', (code, signal) => {
    if (code === 0) resolve(printed);
    else fail('failed', `ended with ${signal ?? code}`);
  });
  return await promise.finally(() => clearTimeout(limit));
}

type Cause = 'missing' | 'slow' | 'failed';

class ProgramError extends Error {
  declare readonly cause: Cause;
}

/** The first line that speaks of an error, or else the last before the one that says how it ended. */
function reasonIn(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /error/i.test(line)) ?? lines.at(-2) ?? text).slice(0, 200);
}
