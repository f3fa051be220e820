import type { File } from '../../env/disk.ts';

/** A window on a file that reads ahead: further with each step, as long as somebody goes on reading. */
export class Region {
  readonly #file: File;
  readonly #end: number;
  #stepBytes: number;
  #from = 0;
  /** What is in the window. A view into it stays what it is when the window moves on. */
  bytes: Buffer = Buffer.alloc(0);

  /** Never reads beyond `end`. */
  constructor(file: File, end: number, stepBytes: number) {
    this.#file = file;
    this.#end = end;
    this.#stepBytes = stepBytes;
  }

  /** True when `length` bytes from a position of the file on are in the window. */
  holds(position: number, length: number): boolean {
    return position >= this.#from && position + length <= this.#from + this.bytes.length;
  }

  /** Where in `bytes` a position of the file is. */
  at(position: number): number {
    return position - this.#from;
  }

  /** Moves the window to a position. False when fewer than `length` bytes are there. */
  async load(position: number, length: number): Promise<boolean> {
    const wanted = Math.min(Math.max(length, this.#stepBytes), this.#end - position);
    this.#stepBytes = Math.min(this.#stepBytes * 2, stepBytesMax);
    if (wanted < length) return false;
    const bytes = Buffer.allocUnsafeSlow(wanted);
    this.bytes = bytes.subarray(0, await this.#file.read(bytes, position));
    this.#from = position;
    return this.bytes.length >= length;
  }
}

const stepBytesMax = 1024 * 1024;
