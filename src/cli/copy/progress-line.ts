import { barText, CaughtUp, longText } from '../caught-up.ts';
import type { Progress } from './copy.ts';
import type { CopiedSoFar } from './shard-copy.ts';

/** Tells on one line how far a copy is: a bar of the time that it has caught up with. */
export class ProgressLine implements Progress {
  readonly #write: (line: string) => void;
  readonly #caughtUp = new CaughtUp();
  #records = 0;
  #bytes = 0;
  #all = 0;
  #done = 0;

  /** `write` is told the whole line each time. */
  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  copied(shard: string, { records, bytes, behindMs }: CopiedSoFar): void {
    this.#records += records;
    this.#bytes += bytes;
    this.#caughtUp.note(shard, behindMs);
    this.#show();
  }

  shards(all: number, done: number): void {
    this.#all = all;
    this.#done = done;
    this.#show();
  }

  interrupted(reason: string): void {
    this.#write(`${this.text} (interrupted: ${reason}; goes on)`);
  }

  get text(): string {
    const { done, behindMs } = this.#caughtUp.of(this.#all - this.#done);
    return `${barText(done)} ${this.#amount}, ${longText(behindMs)} behind`;
  }

  /** What is said in the end. */
  get summary(): string {
    return `${this.#amount} copied`;
  }

  get #amount(): string {
    const amount = `${this.#records.toLocaleString('en')} records, ${(this.#bytes / 1e6).toFixed(1)} MB`;
    return `${amount}, ${this.#done} of ${this.#all} shards to their end`;
  }

  #show(): void {
    this.#write(this.text);
  }
}
