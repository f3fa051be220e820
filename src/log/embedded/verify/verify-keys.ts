import type { Frame } from '../format/frame.ts';

/**
 * The keys that a segment holds, which must be all that it needs to be readable by itself, and those that its
 * stream's log has held up to here.
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

  /** True when the segment does not have what is needed to read a frame; true once for each key. */
  misses({ encryption }: Frame): boolean {
    if (encryption === undefined || this.#held.has(encryption.keyId)) return false;
    this.#held.add(encryption.keyId);
    return true;
  }

  /** True when a frame can be read even so: its key is here, or in a segment before. */
  opens({ encryption }: Frame): boolean {
    return encryption === undefined || this.#met.has(encryption.keyId);
  }
}
