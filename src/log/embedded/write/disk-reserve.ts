import type { Clock, Millis } from '../../../env/clock.ts';
import { type Disk, isRefusedBySystem } from '../../../env/disk.ts';

/**
 * Keeps the last of a disk free of records, so that the control plane can still write, and deletions go on: a
 * disk that is full to the last block cannot even be told to forget. It looks now and then, not at every
 * write.
 */
export class DiskReserve {
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #bytesMax: number;
  /** What may still be written before the next look. */
  #unseenBytes = 0;
  #lookedAt: Millis = Number.NEGATIVE_INFINITY;
  #isReached = false;

  /** `bytesMax` is kept free, or an eighth of the disk when that is less; with 0 the disk is never asked. */
  constructor(disk: Disk, clock: Clock, bytesMax: number) {
    this.#disk = disk;
    this.#clock = clock;
    this.#bytesMax = bytesMax;
  }

  /** True when writing so much would take from the reserve, as far as the last look tells. */
  async refuses(bytes: number): Promise<boolean> {
    if (this.#bytesMax === 0) return false;
    const now = this.#clock.monotonic();
    // Once it is reached every call looks, so that none is refused after there is room.
    if (this.#isReached || bytes > this.#unseenBytes || now - this.#lookedAt >= lookEveryMs) {
      this.#lookedAt = now;
      await this.#look(bytes);
    }
    this.#unseenBytes -= bytes;
    return this.#isReached;
  }

  /** A disk that does not say how full it is refuses by itself once it is. */
  async #look(bytes: number): Promise<void> {
    try {
      const { freeBytes, totalBytes } = await this.#disk.space();
      const reserveBytes = Math.min(this.#bytesMax, totalBytes / 8);
      this.#isReached = freeBytes - bytes < reserveBytes;
      this.#unseenBytes = bytes + reserveBytes / 4;
    } catch (error) {
      if (!isRefusedBySystem(error)) throw error;
      this.#isReached = false;
      this.#unseenBytes = Number.POSITIVE_INFINITY;
    }
  }
}

const lookEveryMs = 1000;
