import { GrowingBytes } from './growing-bytes.ts';
import type { Bounds, ChunkValues, EncodedValues, PageValues } from './page-values.ts';

/** Booleans: a bit each, the first one lowest in its byte. */
export class BooleanValues implements PageValues {
  /** A byte each, until the page ends. */
  readonly #page = new GrowingBytes();
  #hasFalse = false;
  #hasTrue = false;
  #marked = 0;

  get count(): number {
    return this.#page.length;
  }

  get plainBytes(): number {
    return Math.ceil(this.#page.length / 8);
  }

  get isFull(): boolean {
    return false;
  }

  get heldBytes(): number {
    return this.#page.heldBytes;
  }

  add(value: boolean): void {
    this.#page.pushByte(value ? 1 : 0);
  }

  mark(): void {
    this.#marked = this.#page.length;
  }

  rollback(): void {
    this.#page.length = this.#marked;
  }

  takePage(): EncodedValues {
    const values = this.#page.take();
    const bytes = Buffer.alloc(Math.ceil(values.length / 8));
    for (let index = 0; index < values.length; index += 1) {
      if (values[index] === 1) {
        bytes[index >> 3]! |= 1 << (index & 7);
        this.#hasTrue = true;
      } else {
        this.#hasFalse = true;
      }
    }
    return { bytes, encoding: 'PLAIN' };
  }

  takeChunk(): ChunkValues {
    const bounds: Bounds | undefined =
      this.#hasFalse || this.#hasTrue ? { lower: !this.#hasFalse, upper: this.#hasTrue } : undefined;
    this.#hasFalse = false;
    this.#hasTrue = false;
    return { dictionary: undefined, bounds };
  }
}
