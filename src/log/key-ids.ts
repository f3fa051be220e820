import { strict as assert } from 'node:assert';
import type { PlacingKey, WrappedKey } from './data-keys.ts';

/** A key in a log, which places frames there. */
export type PlacedKey = WrappedKey & PlacingKey;

/**
 * Gives the keys of a stream their ids, as a log gives offsets to records: whoever made the keys need not
 * know of one another. None that the log holds is given again; one that only a torn or removed frame had may
 * be.
 */
export class KeyIds {
  readonly #placed = new WeakMap<PlacingKey, PlacedKey>();
  #last: number;

  /** `last` is the highest id in the log, 0 without any. */
  constructor(last: number) {
    this.#last = last;
  }

  /** The key with its id here, the same each time. */
  place(key: PlacingKey): PlacedKey {
    const known = this.#placed.get(key);
    if (known !== undefined) return known;
    this.#last += 1;
    assert(this.#last <= idMax);
    const { arn, wrapped, places } = key;
    const placed = { id: this.#last, arn, wrapped, places };
    this.#placed.set(key, placed);
    return placed;
  }
}

/** A u32 in frames. */
const idMax = 2 ** 32 - 1;
