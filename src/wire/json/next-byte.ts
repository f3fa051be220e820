/**
 * Where a byte comes next. Remembers its last search, so that all searches of some bytes, from their start
 * on, together pass over them once.
 */
export class NextByte {
  readonly #bytes: Buffer;
  readonly #byte: number;
  #found = -1;

  constructor(bytes: Buffer, byte: number) {
    this.#bytes = bytes;
    this.#byte = byte;
  }

  isIn(start: number, stop: number): boolean {
    if (this.#found < start) {
      const index = this.#bytes.indexOf(this.#byte, start);
      this.#found = index === -1 ? this.#bytes.length : index;
    }
    return this.#found < stop;
  }
}
