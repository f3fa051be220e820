/** The bytes of a file at one moment. */
export class Image {
  #bytes: Buffer;
  #size: number;

  constructor(bytes: Uint8Array = Buffer.alloc(0)) {
    this.#bytes = Buffer.from(bytes);
    this.#size = bytes.length;
  }

  get size(): number {
    return this.#size;
  }

  /** Cuts the file, or makes it longer with zeros. */
  set size(size: number) {
    if (size > this.#size) this.#reserve(size);
    else this.#bytes.fill(0, size, this.#size);
    this.#size = size;
  }

  /** A view, good until the next change. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  write(bytes: Uint8Array, position: number): void {
    if (position + bytes.length > this.#size) this.size = position + bytes.length;
    this.#bytes.set(bytes, position);
  }

  #reserve(size: number): void {
    if (size <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(size, 2 * this.#bytes.length, 4096));
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}
