import { writeSync } from 'node:fs';
import { isRefusedBySystem } from './disk.ts';

/**
 * Writes lines to a descriptor, and never waits: what a pipe has no room for is left out, and so is
 * everything once the pipe has no reader. A line that was taken has reached the system when the call returns.
 */
export class LineWriter {
  readonly #fd: number;
  readonly #describe: (leftOut: number) => string;
  /** What is still to be written of a line that was begun. */
  #rest: Buffer = Buffer.alloc(0);
  #leftOut = 0;
  #lastLeftOut = '';

  /**
   * `fd` must not block. `describe` makes the line that says how many were left out, once there is room
   * again.
   */
  constructor(fd: number, describe: (leftOut: number) => string) {
    this.#fd = fd;
    this.#describe = describe;
  }

  write(line: string): void {
    this.#rest = this.#rest.subarray(this.#take(this.#rest));
    if (this.#rest.length === 0 && this.#begin(line)) return;
    this.#leftOut += 1;
    this.#lastLeftOut = line;
  }

  /** Before the process ends: waits a moment for room, so that the last lines are written. */
  finish(): void {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let waited = 0; waited < finishMsMax; waited += pauseMs) {
      this.#rest = this.#rest.subarray(this.#take(this.#rest));
      if (this.#rest.length === 0 && this.#leftOut > 0) {
        this.#leftOut -= 1;
        if (!this.#begin(this.#lastLeftOut)) this.#leftOut += 1;
      }
      if (this.#rest.length === 0 && this.#leftOut === 0) return;
      Atomics.wait(pause, 0, 0, pauseMs);
    }
  }

  /** Writes first how many lines were left out. False when nothing was taken. */
  #begin(line: string): boolean {
    const bytes = Buffer.from((this.#leftOut === 0 ? '' : this.#describe(this.#leftOut)) + line);
    const taken = this.#take(bytes);
    if (taken === 0) return false;
    this.#leftOut = 0;
    this.#rest = bytes.subarray(taken);
    return true;
  }

  /** How many of the bytes the system took. */
  #take(bytes: Buffer): number {
    let taken = 0;
    try {
      while (taken < bytes.length) taken += writeSync(this.#fd, bytes, taken);
    } catch (error) {
      // The pipe is full, or has no reader.
      if (!isRefusedBySystem(error)) throw error;
    }
    return taken;
  }
}

const finishMsMax = 500;
const pauseMs = 10;
