import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { isSystemError } from '../src/env/disk.ts';
import { KafkaBrokers } from './kafka/brokers.ts';
import { processTree } from './process-tree.ts';

/** Which of two processors something runs on, so that server and generator do not take each other's. */
export type Place = 'server' | 'generator' | 'everywhere';
const cores = { server: '0', generator: '1', everywhere: '0,1' };

/**
 * Owns every process that the benchmark starts and every directory that it makes, so that all of it goes
 * again.
 */
export class Workshop {
  readonly #root: string;
  readonly #children = new Set<ChildProcess>();
  readonly #directories = new Set<string>();
  readonly #endings: (() => void)[] = [];
  #brokers: Promise<KafkaBrokers> | undefined;
  /** False where `taskset` is missing or there is one processor only. */
  readonly isPinned: boolean;

  constructor(root: string) {
    this.#root = root;
    this.isPinned = availableParallelism() > 1 && pinThisProcess();
  }

  start(place: Place, executable: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    const command = [executable, ...args];
    if (this.isPinned) command.unshift('taskset', '-c', cores[place]);
    const child = spawn(command[0]!, command.slice(1), options);
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  /**
   * Runs a script to its end and answers what it printed as JSON. Rejects when it fails, or takes too long.
   */
  async ask<Answer>(place: Place, script: string, args: readonly string[]): Promise<Answer> {
    const child = this.start(place, process.execPath, [script, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const timer = setTimeout(() => void this.end(child), askMsMax);
    const [code] = await once(child, 'close');
    clearTimeout(timer);
    if (code !== 0) throw new Error(`${basename(script)} ended with ${code}`);
    return JSON.parse(text);
  }

  /** Ends a process and what it started. */
  async end(child: ChildProcess): Promise<void> {
    if (!this.#children.has(child)) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    kill(child);
    await exited;
  }

  directory(): string {
    const path = mkdtempSync(join(this.#root, 'millrace-bench-'));
    this.#directories.add(path);
    return path;
  }

  remove(directory: string): void {
    rmSync(directory, { recursive: true, force: true });
    this.#directories.delete(directory);
  }

  /** The brokers, the same for all who ask; started and warmed up for the first. */
  brokers(): Promise<KafkaBrokers> {
    this.#brokers ??= KafkaBrokers.start(this);
    return this.#brokers;
  }

  /** Has something ended with all else. */
  atEnd(ending: () => void): void {
    this.#endings.push(ending);
  }

  /** Ends and removes all that is left; does not wait, so that it may run on the way out. */
  close(): void {
    for (const child of this.#children) kill(child);
    for (const ending of this.#endings) ending();
    for (const directory of this.#directories) this.remove(directory);
  }
}

/** Writing and reading 10 GB takes minutes. */
const askMsMax = 900_000;

function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  for (const pid of processTree(child.pid)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (!isSystemError(error, 'ESRCH')) throw error;
    }
  }
}

/** The benchmark itself stays away from the server's processor. */
function pinThisProcess(): boolean {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', cores.generator, String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
