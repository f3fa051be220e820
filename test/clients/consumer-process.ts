import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Heard, heardIn } from './heard.ts';
import type { Produced } from './known-records.ts';

/** A program, the folder that it runs in, and its environment. */
export type ConsumerProgram = {
  readonly command: readonly [program: string, ...words: string[]];
  /** With a slash at its end. */
  readonly folder: URL;
  readonly environment: NodeJS.ProcessEnv;
};

/**
 * A consumer that runs on until it is told to end, and that says what it hears: on stdout, in the lines of
 * heard.ts. Ends with the test's process.
 */
export class ConsumerProcess implements AsyncDisposable {
  readonly heard: Heard[] = [];
  readonly #child: ChildProcess;
  readonly #unique = new Set<string>();
  /** The last of all that it has said, for whoever has to find out what went wrong. */
  #said = '';
  #printed = '';
  #line = '';
  #changed = Promise.withResolvers<void>();

  constructor({ command: [name, ...words], folder, environment }: ConsumerProgram) {
    const stdio: ['pipe', 'pipe', 'pipe'] = ['pipe', 'pipe', 'pipe'];
    // A group of its own, so that its children end with it.
    const options = { cwd: fileURLToPath(folder), env: environment, stdio, detached: true };
    const child = spawn(name, words, options);
    this.#child = child;
    const kill = () => this.#signal('SIGKILL');
    process.prependOnceListener('exit', kill);
    child.once('exit', () => {
      process.off('exit', kill);
      this.#wake();
    });
    child.once('error', (error) => this.#keep(`${error.message}\n`));
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#keep(text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#take(text));
  }

  /** How many different records it has processed. */
  get records(): number {
    return this.#unique.size;
  }

  /** What it has said, the last of it if that is much. */
  get said(): string {
    return this.#said;
  }

  /** All lines that are not about records. */
  get printed(): string {
    return this.#printed;
  }

  has({ key, number }: { readonly key: string; readonly number: number }): boolean {
    return this.#unique.has(`${key} ${number}`);
  }

  /** Resolves once a condition holds, which is asked whenever it has said something. */
  async until(condition: () => boolean, what: string, seconds = 600): Promise<void> {
    await untilAll([this], condition, what, seconds);
  }

  /** Resolves when it has said more, or has ended. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Writes a line to its stdin. */
  tell(line: string): void {
    this.#child.stdin!.write(`${line}\n`);
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** SIGTERM: lets it end as it wants to. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.hasEnded || this.#child.pid === undefined) return;
    const closed = once(this.#child, 'close');
    this.#signal(signal);
    await closed;
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    // What is killed takes its children with it; what is asked to end asks them itself.
    if (signal === 'SIGKILL') process.kill(-this.#child.pid, signal);
    else this.#child.kill(signal);
  }

  #take(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop()!;
    const others = lines.filter((line) => !line.includes('heard record '));
    if (others.length > 0) {
      this.#printed += `${others.join('\n')}\n`;
      this.#keep(`${others.join('\n')}\n`);
    }
    for (const heard of heardIn(lines.join('\n'))) {
      this.heard.push(heard);
      if (heard.what === 'record') this.#unique.add(`${heard.key} ${heard.number}`);
    }
    this.#wake();
  }

  #keep(text: string): void {
    this.#said = (this.#said + text).slice(-saidMax);
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** In characters. */
const saidMax = 20_000;

/**
 * Resolves once a condition holds of consumers, asked whenever one of them has said something. Rejects, with
 * what they have said last, when all have ended or time is up.
 */
export async function untilAll(
  consumers: readonly ConsumerProcess[],
  condition: () => boolean,
  what: string,
  seconds = 600,
): Promise<void> {
  const late = Promise.withResolvers<'late'>();
  const limit = setTimeout(() => late.resolve('late'), seconds * 1000);
  const fail = (why: string) => {
    const told = consumers.map((each, index) => `consumer ${index}: ${each.records} records\n${each.said}`);
    return new Error(`${what}: not ${why}\n${told.join('\n')}`);
  };
  try {
    while (!condition()) {
      if (consumers.every((each) => each.hasEnded)) throw fail('before the consumers ended');
      const woken = await Promise.race([late.promise, ...consumers.map((each) => each.changed)]);
      if (woken === 'late') throw fail(`within ${seconds} s`);
    }
  } finally {
    clearTimeout(limit);
  }
}

/** Resolves once consumers, whether they still run or not, have every record that was put. */
export async function untilProcessed(
  consumers: readonly ConsumerProcess[],
  { records }: Produced,
  seconds = 600,
): Promise<void> {
  let next = 0;
  const isComplete = () => {
    while (next < records.length && consumers.some((each) => each.has(records[next]!))) next++;
    return next === records.length;
  };
  await untilAll(consumers, isComplete, `all ${records.length} records are processed`, seconds);
}
