import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: { start: string };
};

/**
 * A server by the command of `npm start`, in a process of its own that can be killed and started again on the
 * same port and data.
 */
export class CommandServer implements AsyncDisposable {
  readonly #flags: readonly string[];
  #child: ChildProcess | undefined;
  #url = '';

  /** Resolves when it listens, on any free port. `flags` as on the command line, with a data directory. */
  static async start(flags: readonly string[]): Promise<CommandServer> {
    const server = new CommandServer(flags);
    await server.#start('0');
    return server;
  }

  private constructor(flags: readonly string[]) {
    this.#flags = flags;
  }

  get url(): string {
    return this.#url;
  }

  /** kill -9: no goodbye, no flush. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** After it was killed or stopped: resolves when it listens again. */
  restart(): Promise<void> {
    return this.#start(new URL(this.#url).port);
  }

  /** Lets it finish what is under way. Harmless when it has ended. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #start(port: string): Promise<void> {
    // The shell becomes the server.
    const words = ['--log-level', 'error', '--port', port, ...this.#flags];
    const child = spawn('sh', ['-c', `${scripts.start} "$@"`, 'npm start', ...words], {
      cwd: root,
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // The server does not end with the process that started it.
    const kill = () => child.kill('SIGKILL');
    process.prependOnceListener('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    this.#child = child;
    for await (const line of createInterface(child.stdout)) {
      const url = /http:\/\/[\w.:[\]]+/.exec(line)?.[0];
      if (url === undefined) continue;
      this.#url = url;
      child.stdout.resume();
      return;
    }
    throw new Error('The server ended before it listened.');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}

/** Ours, with the pinned runtime, and without the user's settings for another server. */
function environment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('MILLRACE_'));
  return { ...Object.fromEntries(others), PATH: `${dirname(process.execPath)}:${process.env['PATH']}` };
}
