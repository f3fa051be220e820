import type { Frame } from '../format/frame.ts';

/** The keys that a segment holds, as each must to be readable by itself, and those that its stream's log has held up to here. */
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
  misses({ seal }: Frame): boolean {
    if (seal === undefined || this.#held.has(seal.keyId)) return false;
    this.#held.add(seal.keyId);
    return true;
  }

  /** True when there is a way to read it: the key is here, or in a segment before. */
  opens({ seal }: Frame): boolean {
    return seal === undefined || this.#met.has(seal.keyId);
  }
}
