import { limits } from '../kinesis/limits.ts';

/**
 * What pages that are made at the same time may take together. Alone a page may be as large as AWS's; among
 * many it is smaller, and a reader asks sooner for the next. So 64 readers of old records do not take a
 * gigabyte, and what they read of each other's blocks is still in memory when the last of them comes by.
 */
export class PageBudget {
  readonly #bytesMax: number;
  #granted = 0;

  constructor(bytesMax = 32 * 1024 * 1024) {
    this.#bytesMax = bytesMax;
  }

  /** Makes a page of no more than so many bytes of data. */
  async use<T>(make: (bytesMax: number) => Promise<T>): Promise<T> {
    const bytes = Math.max(pageBytesMin, Math.min(limits.getRecordsBytesMax, this.#bytesMax - this.#granted));
    this.#granted += bytes;
    try {
      return await make(bytes);
    } finally {
      this.#granted -= bytes;
    }
  }
}

/** Five reads a second of so much are more than the 2 MiB that AWS's limits leave a shard. */
const pageBytesMin = 1024 * 1024;
