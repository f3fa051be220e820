import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SeededRandom } from '../../harness/random.ts';
import type { Workshop } from '../workshop.ts';

/**
 * A store of objects that can be killed: it comes again at the same address, with all that it answered for.
 */
export class ObjectProcess {
  readonly #workshop: Workshop;
  readonly #random: SeededRandom;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #url: string | undefined;

  /** `folder` is the bucket's, and its name. */
  constructor(workshop: Workshop, random: SeededRandom, folder: string) {
    this.#workshop = workshop;
    this.#random = random;
    this.#folder = folder;
  }

  get url(): string {
    return this.#url!;
  }

  /** Resolves when it listens; rejects when it ends before. */
  async start(): Promise<void> {
    const port = this.#url === undefined ? '0' : new URL(this.#url).port;
    const args = [script, port, String(this.#random.next()), this.#folder];
    const child = this.#workshop.start(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    const [line] = await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
    if (!Buffer.isBuffer(line)) throw new Error(`the store of objects does not start: ${line}`);
    this.#url = String(line).trim();
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

const script = fileURLToPath(new URL('object-server.ts', import.meta.url));
