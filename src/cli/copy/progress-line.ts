import type { Millis } from '../../env/clock.ts';
import type { Progress } from './copy.ts';
import type { CopiedSoFar } from './shard-copy.ts';

/** Tells on one line how far a copy is: a bar of the time that it has caught up with. */
export class ProgressLine implements Progress {
  readonly #write: (line: string) => void;
  readonly #behindMs = new Map<string, { readonly first: Millis; readonly now: Millis }>();
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
    const { first = behindMs } = this.#behindMs.get(shard) ?? {};
    this.#behindMs.set(shard, { first: Math.max(first, behindMs), now: behindMs });
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
    const { done, behindMs } = this.#caughtUp();
    const filled = Math.round(done * barColumns);
    const bar = `${'#'.repeat(filled)}${'.'.repeat(barColumns - filled)}`;
    return `[${bar}] ${Math.floor(done * 100)} % ${this.#amount}, ${durationText(behindMs)} behind`;
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

  /** Of the time between the oldest record and now. A shard that was not begun counts as not done. */
  #caughtUp(): { readonly done: number; readonly behindMs: Millis } {
    let done = 0;
    let behindMs = 0;
    for (const { first, now } of this.#behindMs.values()) {
      done += first === 0 ? 1 : 1 - now / first;
      behindMs = Math.max(behindMs, now);
    }
    // Those that ended in an earlier run are not among them.
    const shards = Math.max(this.#all - this.#done, this.#behindMs.size);
    return { done: shards === 0 ? 1 : done / shards, behindMs };
  }
}

const barColumns = 24;

/** Hours, minutes and seconds, as `01:02:03`. */
function durationText(ms: Millis): string {
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
