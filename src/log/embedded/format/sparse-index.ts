import { strict as assert } from 'node:assert';
import type { Millis } from '../../../env/clock.ts';
import { firstWhere } from '../../../env/first-where.ts';
import type { Offset } from '../../../kinesis/record.ts';

/** A frame that can be found without a search. */
export type IndexEntry = { readonly offset: Offset; readonly arrival: Millis; readonly position: number };

/** Where in a segment some of one shard's frames lie. An index entry costs 24 bytes. */
export class SparseIndex {
  readonly #stepBytes: number;
  readonly #offsets: Offset[] = [];
  readonly #arrivals: Millis[] = [];
  readonly #positions: number[] = [];

  /**
   * The first frame is always an index entry; a later one when it lies at least `stepBytes` after the last
   * index entry.
   */
  constructor(stepBytes: number) {
    this.#stepBytes = stepBytes;
  }

  get positions(): readonly number[] {
    return this.#positions;
  }

  get size(): number {
    return this.#positions.length;
  }

  /** Takes note of the shard's next frame. */
  note(entry: IndexEntry): void {
    const last = this.#positions.at(-1);
    assert(last === undefined || entry.position > last);
    if (last !== undefined && entry.position - last < this.#stepBytes) return;
    this.#offsets.push(entry.offset);
    this.#arrivals.push(entry.arrival);
    this.#positions.push(entry.position);
  }

  /**
   * The position of the last index entry that begins at or before an offset, of the first one when none does.
   */
  positionBefore(offset: Offset): number {
    return this.#positions[Math.max(0, countUpTo(this.#offsets, offset) - 1)]!;
  }

  /** The position of the last index entry that arrived before a time, of the first one when none did. */
  positionBeforeTime(time: Millis): number {
    return this.#positions[Math.max(0, countUpTo(this.#arrivals, Math.ceil(time) - 1) - 1)]!;
  }

  *entries(): Generator<IndexEntry> {
    for (const [at, position] of this.#positions.entries()) {
      yield { offset: this.#offsets[at]!, arrival: this.#arrivals[at]!, position };
    }
  }
}

/** How many of the ascending values are at most `limit`. */
function countUpTo(values: readonly number[], limit: number): number {
  return firstWhere(values.length, (index) => values[index]! > limit);
}
