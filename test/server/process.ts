import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { reportLeaks } from '../../harness/canaries.ts';

/** What a process said on stdout and on stderr, once it has ended, and its exit code. */
export type Ended = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** A process of the command, killed at the end of the block, and with the process that started it. */
export class MillraceProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';
  /** Its data directory, where the flags name one. */
  readonly #data: string | undefined;

  /** Runs a command that ends by itself. One that serves instead is killed, and rejected. */
  static async run(args: readonly string[], options: Options = {}): Promise<Ended> {
    await using command = new MillraceProcess(args, options);
    const { promise: serving, reject } = Promise.withResolvers<never>();
    command.child.stdout.on('data', () => {
      if (/ listens on /.test(command.stdout)) reject(new Error(`it serves: ${command.stdout}`));
    });
    return await Promise.race([command.ended, serving]);
  }

  constructor(args: readonly string[], options: Options = {}) {
    this.child = spawn(
      process.execPath,
      [...(options.node ?? []), options.program ?? 'src/cli/main.ts', ...args],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...options.env },
      },
    );
    const kill = () => this.child.kill('SIGKILL');
    process.prependOnceListener('exit', kill);
    this.child.once('exit', () => process.off('exit', kill));
    this.child.stdout.on('data', (bytes) => {
      this.#stdout += bytes;
    });
    this.child.stderr.on('data', (bytes) => {
      this.#stderr += bytes;
    });
    this.#data = args.includes('--data') ? args[args.indexOf('--data') + 1] : undefined;
    this.ended = this.#end();
  }

  /** What it has said on stdout so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** The URL of the ready line. */
  async ready(): Promise<string> {
    for (;;) {
      const found = /^Millrace \S+ listens on (https?:\/\/\S+) /m.exec(this.#stdout);
      if (found) return found[1]!;
      const ended = this.ended.then(({ stderr }) => {
        throw new Error(`ended before it was ready: ${stderr}`);
      });
      await Promise.race([once(this.child.stdout, 'data'), ended]);
    }
  }

  /** The first line of the log whose message begins so. Rejects when it has ended without one. */
  async logged(message: string): Promise<Record<string, unknown>> {
    for (;;) {
      const lines = this.#stderr.split('\n').slice(0, -1);
      const found = lines.map((line) => JSON.parse(line)).find((line) => line.message.startsWith(message));
      if (found !== undefined) return found;
      const ended = this.ended.then(({ stderr }) => {
        throw new Error(`ended without the line '${message}': ${stderr}`);
      });
      await Promise.race([once(this.child.stderr, 'data'), ended]);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async #end(): Promise<Ended> {
    const [code, signal] = await once(this.child, 'close');
    reportLeaks('stdout', this.#stdout.replace(rootUserShown, ''));
    reportLeaks('stderr', this.#stderr);
    if (this.#data !== undefined) reportLeaks('the audit log', auditedIn(this.#data));
    return { code, signal, stdout: this.#stdout, stderr: this.#stderr };
  }
}

/** `node` are flags of Node's own. */
type Options = {
  readonly env?: Readonly<Record<string, string>>;
  /** Flags for Node. */
  readonly node?: readonly string[];
  /** What Node runs, in place of the command. */
  readonly program?: string;
};

/** All records of a server's audit log. */
function auditedIn(data: string): string {
  const audit = join(data, 'audit');
  if (!existsSync(audit)) return '';
  return readdirSync(audit)
    .map((name) => String(readFileSync(join(audit, name))))
    .join('');
}

/** A directory of its own, removed at the end of the block. */
export function temporaryDirectory(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'millrace-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The one secret that a server says, once, on stdout. */
const rootUserShown =
  /^The root user of account \d+ was made\..*\n\[root\]\naws_access_key_id = .*\naws_secret_access_key = .*\n/m;
