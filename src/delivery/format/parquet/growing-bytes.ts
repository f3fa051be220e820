/** Bytes in a row, as many as come. */
export class GrowingBytes {
  #bytes: Buffer = Buffer.alloc(64);
  length = 0;

  get heldBytes(): number {
    return this.#bytes.length;
  }

  /** The memory itself, beyond the end as well. What is added later may move it elsewhere. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** A length of 32 bits, little endian, as Parquet has it before a value. */
  pushLength(value: number): void {
    this.#makeRoom(4);
    const at = this.length;
    this.#bytes[at] = value;
    this.#bytes[at + 1] = value >>> 8;
    this.#bytes[at + 2] = value >>> 16;
    this.#bytes[at + 3] = value >>> 24;
    this.length = at + 4;
  }

  pushByte(value: number): void {
    if (this.length === this.#bytes.length) this.#makeRoom(1);
    this.#bytes[this.length] = value;
    this.length += 1;
  }

  push(source: Uint8Array, start: number, end: number): void {
    this.#makeRoom(end - start);
    let at = this.length;
    if (end - start < shortMax) {
      // A call for a few bytes costs more than the bytes.
      for (let from = start; from < end; from += 1) {
        this.#bytes[at] = source[from]!;
        at += 1;
      }
    } else {
      this.#bytes.set(source.subarray(start, end), at);
      at += end - start;
    }
    this.length = at;
  }

  view(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  /** A copy of what is there; then there is nothing. */
  take(): Buffer {
    const taken = Buffer.from(this.view());
    this.clear();
    return taken;
  }

  clear(): void {
    this.length = 0;
    if (this.#bytes.length > bytesKept) this.#bytes = Buffer.alloc(64);
  }

  #makeRoom(bytes: number): void {
    if (this.length + bytes <= this.#bytes.length) return;
    const longer = Buffer.alloc(Math.max(this.#bytes.length * 2, this.length + bytes));
    this.#bytes.copy(longer, 0, 0, this.length);
    this.#bytes = longer;
  }
}

const shortMax = 32;
const bytesKept = 256 * 1024;
