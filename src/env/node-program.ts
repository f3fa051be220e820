import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Millis } from './clock.ts';
import { memoryOf } from './node-process-memory.ts';
import type { Isolation, ProcessEnd, Program, ProgramUser, RunningProcess } from './processes.ts';

/**
 * Starts a program at the head of a process group of its own. A shell in the group holds a pipe to this
 * process: when that closes, as it does however this process ends, the shell kills the group.
 */
export function startProgram(program: Program, isolation: Isolation): RunningProcess {
  const { command, args, folder, environment, user, output } = program;
  const becoming = isolating(isolation, user);
  const isOther = becoming.length > 0;
  const line = isOther ? [...becoming, '/bin/sh', '-c', withEnvironment, 'sh', command] : [command];
  let child: ChildProcess;
  try {
    child = spawn('/bin/sh', ['-c', guarded, 'sh', ...line, ...args], {
      cwd: folder,
      env: isOther ? { PATH: standardPath } : { PATH: standardPath, ...environment },
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore', ...(isOther ? ['ignore' as const, 'pipe' as const] : [])],
    });
  } catch (error) {
    return neverStarted(error);
  }
  if (isOther) tell(child, environment);
  return new StartedProgram(child, output);
}

/**
 * What runs first: a reader of the pipe beside the program, then the program in place of this shell. Both
 * streams of the program are one pipe, so that lines come in the order in which they were written.
 */
const guarded = `
exec 3<&0 </dev/null
(read -r _ <&3; kill -KILL 0) >/dev/null 2>&1 &
exec "$@" 3<&- 2>&1
`;

/**
 * Runs as another user by then: before, what the environment says (LD_PRELOAD, PATH) would be done as this
 * one. It is not among the arguments, which everybody can see.
 */
const withEnvironment = 'eval "$(/bin/cat <&4)"; exec "$@" 4<&-';

const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function tell(child: ChildProcess, environment: Program['environment']): void {
  const lines = Object.entries(environment)
    .filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
  const pipe = child.stdio[4] as Writable | null;
  // It may have ended by then, which is told otherwise.
  pipe?.on('error', () => {});
  pipe?.end(lines.join(''));
}

/** The tools, of util-linux, before a program's command. */
export function isolating(isolation: Isolation, user: ProgramUser | undefined): string[] {
  if (isolation === 'none' || user === undefined) return [];
  const own = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--no-new-privs'];
  // Becoming somebody else forgets whose death is to be followed, so that is said last.
  own.push('--inh-caps=-all', '--bounding-set=-all', '--pdeathsig=KILL', '--');
  const apart = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--ipc', '--'];
  return isolation === 'namespaces' ? [...apart, ...own] : own;
}

class StartedProgram implements RunningProcess {
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  #hasEnded = false;

  constructor(child: ChildProcess, output: (piece: Buffer) => void) {
    this.#child = child;
    child.stdout!.on('data', paced(child.stdout!, output));
    // The program is in the way of nobody's end. Its guard has the pipe as long as it lives.
    child.stdin!.on('error', () => {});
    const { promise, resolve } = Promise.withResolvers<ProcessEnd>();
    this.ended = promise;
    let failure: Error | undefined;
    child.once('error', (error) => {
      failure = error;
      // Without a process there is nothing that ends.
      if (child.pid === undefined) resolve({ error });
    });
    // What it has left behind would hold the pipe of its output.
    child.once('exit', () => this.#killGroup());
    child.once('close', (code, signal) => {
      this.#hasEnded = true;
      resolve(endOf(failure, code, signal));
    });
  }

  kill(): void {
    if (!this.#hasEnded) this.#killGroup();
  }

  memoryBytes(): Promise<number | undefined> {
    return this.#hasEnded || this.#child.pid === undefined
      ? Promise.resolve(undefined)
      : memoryOf(this.#child.pid);
  }

  #killGroup(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  }
}

/** A program that writes faster than anybody reads waits for its own output, and nobody else does. */
function paced(stream: Readable, output: (piece: Buffer) => void): (piece: Buffer) => void {
  let since = performance.now();
  let bytes = 0;
  return (piece) => {
    output(piece);
    const now = performance.now();
    if (now - since > paceMs) {
      since = now;
      bytes = 0;
    }
    bytes += piece.length;
    if (bytes <= paceBytes) return;
    stream.pause();
    setTimeout(() => stream.resume(), paceMs);
  };
}

/** 10 MiB a second. */
const paceMs: Millis = 100;
const paceBytes = 1024 * 1024;

function endOf(error: Error | undefined, code: number | null, signal: string | null): ProcessEnd {
  if (error !== undefined) return { error };
  return signal === null ? { code: code! } : { signal };
}

function neverStarted(thrown: unknown): RunningProcess {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    ended: Promise.resolve({ error }),
    kill() {},
    memoryBytes: async () => undefined,
  };
}
