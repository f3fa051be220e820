import type { Frame } from '../format/frame.ts';

/**
 * The keys that a segment holds, as each must to be readable by itself, and those that its stream's log has
 * held up to here.
 */
export class Keys {
  readonly #held = new Set<number>();
  readonly #met: Set<number>;

  constructor(met: Set<number>) {
    this.#met = met;
  }

  admit(id: number): void {
    this.#held.add(id);
    this.#met.add(id);
  }

  /** True when the segment does not have what is needed to read a frame; said once of each key. */
  misses({ encryption }: Frame): boolean {
    if (encryption === undefined || this.#held.has(encryption.keyId)) return false;
    this.#held.add(encryption.keyId);
    return true;
  }

  /** True when there is a way to read it: the key is here, or in a segment before. */
  opens({ encryption }: Frame): boolean {
    return encryption === undefined || this.#met.has(encryption.keyId);
  }
}
