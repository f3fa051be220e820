import type { LoggedBatch, ReadLimit } from '../log.ts';
import type { Bounds, FetchedBatches, KafkaOffset } from './client.ts';

/** Batches of a partition, collected in their order until a limit is reached. */
export class FetchedPage {
  readonly #batches: LoggedBatch[] = [];
  readonly #from: KafkaOffset;
  readonly #limit: ReadLimit;
  #records = 0;
  #bytes = 0;

  constructor(from: KafkaOffset, limit: ReadLimit) {
    this.#from = from;
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#records >= this.#limit.records || this.#bytes >= this.#limit.bytes;
  }

  /** Takes a batch, unless all of it is before the page or the page is full. */
  add(batch: LoggedBatch): void {
    const { first, count, bytes } = batch;
    if (this.isFull || first + count <= this.#from) return;
    this.#batches.push(batch);
    this.#records += first + count - Math.max(first, this.#from);
    this.#bytes += bytes.length;
  }

  /** The page, when all was seen up to an offset. */
  seenUpTo(offset: KafkaOffset, { start, end }: Bounds): FetchedBatches {
    const gaps: KafkaOffset[] = [];
    let at = Math.max(this.#from, start);
    for (const { first, count } of this.#batches) {
      if (first > at) gaps.push(at);
      at = Math.max(at, first + count);
    }
    if (!this.isFull && at < offset) gaps.push(at);
    return { start, end, batches: this.#batches, gaps };
  }
}
