import type { File } from '../../../env/disk.ts';

/** A window on a file that reads ahead: further with each step that its reader takes. */
export class ReadAhead {
  readonly #file: File;
  readonly #end: number;
  #stepBytes: number;
  #from = 0;
  #memory: Buffer = Buffer.alloc(0);
  #isShared = false;
  /** What is in the window, until it moves on. */
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

  /**
   * Bytes of the window, from a position of the file on, that stay as they are when it moves on: a copy,
   * unless they are much of it. A view retains all of the window's memory, and a shard may have only a little
   * in each of many windows.
   */
  retain(position: number, length: number): Buffer {
    const at = this.at(position);
    const view = this.bytes.subarray(at, at + length);
    if (length < this.#memory.length / 4) return Buffer.from(view);
    this.#isShared = true;
    return view;
  }

  /** Has `length` bytes from a position on in the window. False when fewer are there. */
  async reach(position: number, length: number): Promise<boolean> {
    return this.holds(position, length) || this.load(position, length);
  }

  /** Moves the window to a position. False when fewer than `length` bytes are there. */
  async load(position: number, length: number): Promise<boolean> {
    const wanted = Math.min(Math.max(length, this.#stepBytes), this.#end - position);
    this.#stepBytes = Math.min(this.#stepBytes * 2, stepBytesMax);
    if (wanted < length) return false;
    if (this.#isShared || this.#memory.length < wanted) this.#memory = Buffer.allocUnsafeSlow(wanted);
    this.#isShared = false;
    const bytes = this.#memory.subarray(0, wanted);
    this.bytes = bytes.subarray(0, await this.#file.read(bytes, position));
    this.#from = position;
    return this.bytes.length >= length;
  }
}

const stepBytesMax = 1024 * 1024;
