/**
 * Memory that bodies were in, for the next ones. Made anew for each, it would cost the first touch of every page of it, and
 * have the garbage collector look at everything alive each time 64 MiB of it are gone: half of what a body costs.
 */
export class BodyMemory {
  /** By size, the last used last: that is in the processor's cache. */
  readonly #free: Buffer[][] = [];
  #freeBytes = 0;

  /** At least `length` bytes, with anything in them. */
  take(length: number): Buffer {
    const size = sizeClass(length);
    const memory = this.#free[size]?.pop();
    if (memory === undefined) return Buffer.allocUnsafeSlow(2 ** size);
    this.#freeBytes -= memory.length;
    return memory;
  }

  /** Takes back what `take` answered. Nobody may look at it any more. */
  giveBack(memory: Buffer): void {
    // What went to another thread has no bytes here.
    if (memory.length === 0 || this.#freeBytes + memory.length > freeBytesMax) return;
    const size = sizeClass(memory.length);
    this.#free[size] ??= [];
    this.#free[size].push(memory);
    this.#freeBytes += memory.length;
  }
}

/** Sizes are powers of two. */
function sizeClass(length: number): number {
  return Math.max(sizeMin, Math.ceil(Math.log2(length)));
}

const sizeMin = 16; // 64 KiB: bodies of a single piece, which are not copied, are smaller mostly.

/** A body of the largest size, or the usual ones of a few dozen connections. */
const freeBytesMax = 16 * 1024 * 1024;
