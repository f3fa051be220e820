import { GrowingIntegers } from './growing-integers.ts';
import { Slots } from './slots.ts';

/** The different values of a column of numbers, of one or two words each, in the order in which they came. */
export class FixedDictionary {
  readonly #words: 1 | 2;
  readonly #lows = new GrowingIntegers();
  readonly #highs = new GrowingIntegers();
  readonly #hashes = new GrowingIntegers();
  readonly #slots = new Slots();

  constructor(words: 1 | 2) {
    this.#words = words;
  }

  get count(): number {
    return this.#lows.length;
  }

  /** Of its page. */
  get bytes(): number {
    return this.#lows.length * this.#words * 4;
  }

  get isCrowded(): boolean {
    return this.#slots.isCrowded;
  }

  get heldBytes(): number {
    return this.#lows.heldBytes + this.#highs.heldBytes + this.#hashes.heldBytes + this.#slots.heldBytes;
  }

  /** The index of a value. */
  intern(low: number, high: number): number {
    const hash = hashOf(low, high);
    let slot = this.#slots.first(hash);
    for (;;) {
      const entry = this.#slots.entry(slot);
      if (entry < 0) return this.#enter(slot, low, high, hash);
      if (this.#lows.at(entry) === low && this.#highs.at(entry) === high) return entry;
      slot = this.#slots.next(slot);
    }
  }

  low(index: number): number {
    return this.#lows.at(index);
  }

  high(index: number): number {
    return this.#highs.at(index);
  }

  /** All values, one after the other. */
  plainWords(): Int32Array {
    if (this.#words === 1) return this.#lows.view().slice();
    const words = new Int32Array(this.count * 2);
    for (let index = 0; index < this.count; index += 1) {
      words[index * 2] = this.#lows.at(index);
      words[index * 2 + 1] = this.#highs.at(index);
    }
    return words;
  }

  /** Forgets all after the first `count`. */
  truncate(count: number): void {
    for (let entry = this.count - 1; entry >= count; entry -= 1) {
      this.#slots.release(entry, this.#hashes.at(entry));
    }
    this.#lows.length = Math.min(count, this.#lows.length);
    this.#highs.length = this.#lows.length;
    this.#hashes.length = this.#lows.length;
  }

  clear(): void {
    this.#lows.clear();
    this.#highs.clear();
    this.#hashes.clear();
    this.#slots.clear();
  }

  #enter(slot: number, low: number, high: number, hash: number): number {
    const entry = this.count;
    this.#lows.push(low);
    this.#highs.push(high);
    this.#hashes.push(hash);
    this.#slots.take(slot, entry, hash);
    if (this.#slots.isToGrow) this.#slots.grow(this.#hashes.view());
    return entry;
  }
}

/** Both words, mixed as MurmurHash3 does at its end (Appleby, public domain). */
function hashOf(low: number, high: number): number {
  let hash = low ^ Math.imul(high, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
