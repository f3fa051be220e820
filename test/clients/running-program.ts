import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ForeignProgram } from './foreign-program.ts';

/** A client program that goes on until it is stopped, such as a consumer. Its lines on stdout are kept. */
export class RunningProgram implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #seconds: number;
  #said = '';
  #changed = Promise.withResolvers<void>();

  /** What it prints has to come to what a test waits for within `seconds`, each time. */
  constructor({ command: [name, ...words], folder, environment, seconds }: ForeignProgram) {
    const child = spawn(name, words, {
      cwd: fileURLToPath(folder),
      env: environment ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that its children end with it.
      detached: true,
    });
    this.#child = child;
    this.#seconds = seconds;
    child.once('error', (error) => this.#hear(String(error)));
    createInterface(child.stdout).on('line', (line) => {
      this.lines.push(line);
      this.#hear(line);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    child.once('close', () => this.#hear('(it ended)'));
    const kill = () => this.#signal('SIGKILL');
    process.prependOnceListener('exit', kill);
    child.once('close', () => process.off('exit', kill));
  }

  /** Resolves when `isTrue` of the lines so far; rejects with all that it said when it ends before, or late. */
  async until(isTrue: (lines: readonly string[]) => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(this.#seconds * 1000);
    const late = once(deadline, 'abort');
    while (!isTrue(this.lines)) {
      if (this.#hasEnded() || deadline.aborted) throw new Error(`${this.#said}\nnever came to it`);
      await Promise.race([this.#changed.promise, late]);
    }
  }

  /** Asks it to end, as a service manager does, and waits until it has. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#hasEnded()) return;
    const closed = once(this.#child, 'close');
    const limit = setTimeout(() => this.#signal('SIGKILL'), this.#seconds * 1000);
    this.#signal(signal);
    await closed.finally(() => clearTimeout(limit));
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid !== undefined && !this.#hasEnded()) process.kill(-this.#child.pid, signal);
  }

  #hasEnded(): boolean {
    const { pid, exitCode, signalCode } = this.#child;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  #hear(text: string): void {
    this.#said += `${text}\n`;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
