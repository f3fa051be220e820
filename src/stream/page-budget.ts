import { limits } from '../kinesis/limits.ts';

/**
 * What all pages under way may take together. A single page may be as large as AWS's; among many, each is
 * smaller, and readers ask for the next one sooner. So 64 readers of old records do not take a gigabyte, and
 * the blocks that one has read are still in memory for the others.
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

/** Five reads a second of this size exceed the 2 MiB/s that AWS allows a shard. */
const pageBytesMin = 1024 * 1024;
