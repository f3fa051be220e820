import type { Millis } from '../env/clock.ts';

/** How much of the time between the oldest record and now a reader of a stream has caught up with. */
export class CaughtUp {
  readonly #behindMs = new Map<string, { readonly first: Millis; readonly now: Millis }>();

  /** A shard was read to where it is so far behind its tip. */
  note(shard: string, behindMs: Millis): void {
    const { first = behindMs } = this.#behindMs.get(shard) ?? {};
    this.#behindMs.set(shard, { first: Math.max(first, behindMs), now: behindMs });
  }

  /** Of so many shards that there are to read. One that was not begun counts as not done. */
  of(all: number): { readonly done: number; readonly behindMs: Millis } {
    let done = 0;
    let behindMs = 0;
    for (const { first, now } of this.#behindMs.values()) {
      done += first === 0 ? 1 : 1 - now / first;
      behindMs = Math.max(behindMs, now);
    }
    const shards = Math.max(all, this.#behindMs.size);
    return { done: shards === 0 ? 1 : done / shards, behindMs };
  }
}

/** A bar and a percentage; `done` is between 0 and 1. */
export function barText(done: number): string {
  const filled = Math.round(done * barColumns);
  return `[${'#'.repeat(filled)}${'.'.repeat(barColumns - filled)}] ${Math.floor(done * 100)} %`;
}

const barColumns = 24;

/** Hours, minutes and seconds, as `01:02:03`. */
export function longText(ms: Millis): string {
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
