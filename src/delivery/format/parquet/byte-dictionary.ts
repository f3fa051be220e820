import { GrowingBytes } from './growing-bytes.ts';
import { GrowingIntegers } from './growing-integers.ts';
import { Slots } from './slots.ts';

/** The different values of a column of bytes, in the order in which they came, as its page has them. */
export class ByteDictionary {
  readonly #hasLengths: boolean;
  readonly #page = new GrowingBytes();
  readonly #starts = new GrowingIntegers();
  readonly #ends = new GrowingIntegers();
  readonly #hashes = new GrowingIntegers();
  readonly #slots = new Slots();

  /** With `hasLengths` each value has its length before it; else all are equally long. */
  constructor(hasLengths: boolean) {
    this.#hasLengths = hasLengths;
  }

  get count(): number {
    return this.#starts.length;
  }

  /** Of its page. */
  get bytes(): number {
    return this.#page.length;
  }

  get isCrowded(): boolean {
    return this.#slots.isCrowded;
  }

  get heldBytes(): number {
    return (
      this.#page.heldBytes +
      this.#starts.heldBytes +
      this.#ends.heldBytes +
      this.#hashes.heldBytes +
      this.#slots.heldBytes
    );
  }

  /** The index of a value. */
  intern(source: Uint8Array, start: number, end: number): number {
    const hash = hashOf(source, start, end);
    let slot = this.#slots.first(hash);
    for (;;) {
      const entry = this.#slots.entry(slot);
      if (entry < 0) return this.#enter(slot, source, start, end, hash);
      if (this.#hashes.at(entry) === hash && this.#isEqual(entry, source, start, end)) return entry;
      slot = this.#slots.next(slot);
    }
  }

  /** Appends a value to a page, as a page has it. */
  copyTo(page: GrowingBytes, index: number): void {
    const start = this.#starts.at(index) - (this.#hasLengths ? 4 : 0);
    page.push(this.#page.bytes, start, this.#ends.at(index));
  }

  /** The page as it is: what is added later may move it elsewhere. */
  view(): Buffer {
    return this.#page.view();
  }

  /** Forgets all after the first `count`. */
  truncate(count: number): void {
    if (count >= this.count) return;
    for (let entry = this.count - 1; entry >= count; entry -= 1) {
      this.#slots.release(entry, this.#hashes.at(entry));
    }
    this.#page.length = this.#starts.at(count) - (this.#hasLengths ? 4 : 0);
    this.#starts.length = count;
    this.#ends.length = count;
    this.#hashes.length = count;
  }

  takePage(): Buffer {
    const page = this.#page.take();
    this.clear();
    return page;
  }

  clear(): void {
    this.#page.length = 0;
    this.#starts.clear();
    this.#ends.clear();
    this.#hashes.clear();
    this.#slots.clear();
  }

  #isEqual(entry: number, source: Uint8Array, start: number, end: number): boolean {
    let at = this.#starts.at(entry);
    if (this.#ends.at(entry) - at !== end - start) return false;
    const page = this.#page.bytes;
    for (let from = start; from < end; from += 1, at += 1) {
      if (page[at] !== source[from]) return false;
    }
    return true;
  }

  #enter(slot: number, source: Uint8Array, start: number, end: number, hash: number): number {
    const entry = this.count;
    if (this.#hasLengths) this.#page.pushLength(end - start);
    this.#starts.push(this.#page.length);
    this.#page.push(source, start, end);
    this.#ends.push(this.#page.length);
    this.#hashes.push(hash);
    this.#slots.take(slot, entry, hash);
    if (this.#slots.isToGrow) this.#slots.grow(this.#hashes.view());
    return entry;
  }
}

/** FNV-1a (Fowler, Noll, Vo), mixed once more, as its low bits alone say where a value is. */
function hashOf(source: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ source[at]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
