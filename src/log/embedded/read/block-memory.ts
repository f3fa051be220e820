/**
 * Memory that blocks are read into, used again and again. Memory that is given up every few milliseconds
 * costs a fault for each of its pages when it comes back, and has V8 look at everything alive for every 64
 * MiB of it.
 */
export class BlockMemory {
  readonly #blockBytes: number;
  readonly #idle: Buffer[] = [];

  constructor(blockBytes: number) {
    this.#blockBytes = blockBytes;
  }

  get idleBytes(): number {
    return this.#idle.length * this.#blockBytes;
  }

  /**
   * Memory for a block of this length: of the usual size if it is about that, so that another can follow it.
   */
  take(length: number): Buffer {
    const isUsual = length <= this.#blockBytes && length * 2 > this.#blockBytes;
    if (!isUsual) return Buffer.allocUnsafeSlow(length);
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(this.#blockBytes);
  }

  /** Takes back memory that is no longer used. */
  give(memory: Buffer): void {
    if (memory.length === this.#blockBytes) this.#idle.push(memory);
  }

  /** Lets go of idle memory beyond so many bytes. */
  shrinkTo(bytes: number): void {
    while (this.idleBytes > Math.max(0, bytes)) this.#idle.pop();
  }
}
