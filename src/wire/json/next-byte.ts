/**
 * Finds the next place of a byte. Keeps its last result, so that searches from rising starts pass over the
 * bytes once in all.
 */
export class NextByte {
  readonly #bytes: Buffer;
  readonly #byte: number;
  #found = -1;

  constructor(bytes: Buffer, byte: number) {
    this.#bytes = bytes;
    this.#byte = byte;
  }

  isIn(start: number, end: number): boolean {
    if (this.#found < start) {
      const index = this.#bytes.indexOf(this.#byte, start);
      this.#found = index === -1 ? this.#bytes.length : index;
    }
    return this.#found < end;
  }
}
