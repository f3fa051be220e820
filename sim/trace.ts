import { createHash } from 'node:crypto';
import type { Millis } from '../src/env/clock.ts';

/** What happened, in order. Two runs were the same when their digests are. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #time: () => Millis;
  readonly #print: ((line: string) => void) | undefined;
  events = 0;

  /** `print` receives every line as it is written; without it, lines are only digested. */
  constructor(time: () => Millis, print?: (line: string) => void) {
    this.#time = time;
    this.#print = print;
  }

  /**
   * `who` is a part of the world: disk, network, writer 2. `detail` is for the reader only and not digested.
   */
  write(who: string, what: string, detail = ''): void {
    const line = `${this.#time().toFixed(3).padStart(12)} ms  ${who.padEnd(9)} ${what}`;
    this.events++;
    this.#hash.update(line).update('\n');
    this.#print?.(line + detail);
  }

  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}
