import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { reportLeaks } from '../harness/canaries.ts';
import { Connection } from '../harness/connection.ts';
import type { SeededRandom } from '../harness/random.ts';
import { startedProgram } from '../harness/start-script.ts';
import type { Workshop } from './workshop.ts';

/** How to start a server. Without a port, its first line says where it listens. */
export type Command = {
  readonly executable: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly port?: number;
};

export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** Our server on a data directory. `prefix` is a command that runs another one. */
export function millrace(data: string, circumstances: Circumstances = {}): Command {
  const { prefix = [], env = {}, workers = 0, nodeFlags = [], flags = [] } = circumstances;
  const usual = ['--port', '0', '--data', data, '--limits', 'none', '--transition-delay', '20'];
  usual.push('--workers', String(workers), '--log-level', 'warn');
  const node = [process.execPath, ...nodeFlags, ...planting()];
  const [executable, ...args] = [...prefix, ...node, startedProgram, 'serve', ...usual, ...flags];
  return { executable: executable!, args, env };
}

/** Now and then streams are encrypted: what is acknowledged can be read if the keys are durable, too. */
export function sometimesEncrypted(random: SeededRandom): readonly string[] {
  return random.pick([[], ['--encrypt']]);
}

/** A bug that is planted here is planted in the server as well: sim/mutants/hook.ts. */
function planting(): string[] {
  if (process.env['PLANTED_MUTANT'] === undefined) return [];
  return ['--import', new URL('../sim/mutants/hook.ts', import.meta.url).href];
}

type Circumstances = {
  readonly prefix?: readonly string[];
  readonly env?: Record<string, string>;
  /** How many threads take requests. */
  readonly workers?: number;
  /** For Node, before the program. */
  readonly nodeFlags?: readonly string[];
  /** After all others. */
  readonly flags?: readonly string[];
};

/** A server as a process of its own, from its start to its death. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #given: number | undefined;
  readonly ended: Promise<Ending>;
  #hasEnded = false;
  #stdout = '';
  #stderr = '';
  /** Where it listens, while it does. */
  port: number | undefined;

  constructor(workshop: Workshop, { executable, args, env, cwd, port }: Command) {
    this.#given = port;
    this.#child = workshop.start(executable, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      cwd: cwd ?? process.cwd(),
    });
    this.#child.stdout!.on('data', (text) => {
      this.#stdout = (this.#stdout + text).slice(0, textMax);
    });
    this.#child.stderr!.on('data', (text) => {
      this.#stderr = (this.#stderr + text).slice(-textMax);
    });
    this.ended = once(this.#child, 'close').then(([code, signal]) => {
      this.#hasEnded = true;
      reportLeaks("the server's stdout", this.#stdout);
      reportLeaks("the server's stderr", this.#stderr);
      this.port = undefined;
      return { code, signal };
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** The last that it said on stderr. */
  get complaint(): string {
    return this.#stderr.trim();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Waits for the first answer. False when it ends before, or takes too long. */
  async isReady(): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < startMsMax && !this.#hasEnded; waitedMs += lookMs) {
      this.port = await this.#listening();
      if (this.port !== undefined) return true;
      await Promise.race([sleep(lookMs), this.ended]);
    }
    return false;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Has it stand still: what it wrote to its sockets until then arrives, and nothing more. */
  async freeze(): Promise<void> {
    this.#child.kill('SIGSTOP');
    while (!this.#hasEnded && !isStopped(this.#child.pid!)) await sleep(1);
  }

  /** Ends it by a signal that no process can refuse, and waits until the kernel has released it. */
  async kill(): Promise<void> {
    this.port = undefined;
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  async #listening(): Promise<number | undefined> {
    if (this.#given === undefined) {
      const line = /listens on http:\/\/[\d.]+:(\d+) /.exec(this.#stdout);
      return line === null ? undefined : Number(line[1]);
    }
    try {
      (await Connection.open(this.#given)).close();
      return this.#given;
    } catch {
      return undefined; // It does not listen yet.
    }
  }
}

/**
 * All threads stand still: states of proc_pid_stat(5). One in the middle of a disk call first comes to its
 * end.
 */
function isStopped(pid: number): boolean {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.every((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1');
    return 'TtZX'.includes(stat.charAt(stat.lastIndexOf(')') + 2));
  });
}

const startMsMax = 300_000;
const lookMs = 5;
const textMax = 4_000;
