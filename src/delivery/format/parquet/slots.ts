/** Above so many places that are someone else's, a dictionary has values that are chosen to collide. */
const probesMax = 128;

/**
 * Where in a dictionary a value may be, by its hash: open addressing, at most half full. Whoever asks
 * compares the values.
 */
export class Slots {
  #slots = new Int32Array(64);
  #mask = 63;
  #taken = 0;
  /** Whether the values collide far more than values do. */
  isCrowded = false;

  get heldBytes(): number {
    return this.#slots.byteLength;
  }

  /** The first slot to look at. */
  first(hash: number): number {
    return hash & this.#mask;
  }

  next(slot: number): number {
    return (slot + 1) & this.#mask;
  }

  /** The index of the entry in a slot; -1 for a free one. */
  entry(slot: number): number {
    return this.#slots[slot]! - 1;
  }

  take(slot: number, entry: number, hash: number): void {
    this.#slots[slot] = entry + 1;
    this.#taken += 1;
    if (((slot - hash) & this.#mask) > probesMax) this.isCrowded = true;
  }

  get isToGrow(): boolean {
    return this.#taken * 2 > this.#mask;
  }

  /** Twice as many, with the entries of these hashes, in their order. */
  grow(hashes: Int32Array): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    this.#mask = this.#slots.length - 1;
    this.#taken = 0;
    for (let entry = 0; entry < hashes.length; entry += 1) {
      let slot = this.first(hashes[entry]!);
      while (this.entry(slot) >= 0) slot = this.next(slot);
      this.take(slot, entry, hashes[entry]!);
    }
  }

  /** Lets go of an entry, the last that was taken: then all is as it was before it. */
  release(entry: number, hash: number): void {
    let slot = this.first(hash);
    while (this.entry(slot) !== entry) slot = this.next(slot);
    this.#slots[slot] = 0;
    this.#taken -= 1;
  }

  clear(): void {
    this.#slots = new Int32Array(64);
    this.#mask = 63;
    this.#taken = 0;
    this.isCrowded = false;
  }
}
