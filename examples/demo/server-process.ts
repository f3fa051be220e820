import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** `millrace serve` in a process of its own. */
export class ServerProcess implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;

  /** Resolves when it listens. `flags` as on the command line; its log is not shown. */
  static async start(flags: readonly string[]): Promise<ServerProcess> {
    const child = spawn(process.execPath, [main, 'serve', '--log-level', 'error', ...flags], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // The server does not end with the process that started it.
    const kill = () => child.kill('SIGKILL');
    process.prependOnceListener('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    for await (const line of createInterface(child.stdout!)) {
      const url = /http:\/\/[\w.:[\]]+/.exec(line)?.[0];
      if (url !== undefined) return new ServerProcess(child, url);
    }
    throw new Error('The server ended before it listened.');
  }

  constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
    child.stdout!.resume();
  }

  get port(): string {
    return new URL(this.url).port;
  }

  /** kill -9: no goodbye, no flush. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Lets it finish what is under way. Harmless when it has ended. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
  }
}

/** Ours, without the user's settings for another server. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MILLRACE_')));
}
