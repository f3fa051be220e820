import type { LoggedBatch } from '../log.ts';
import { Queue } from '../queue.ts';
import type { KafkaOffset } from './client.ts';
import type { TailPartition } from './tail-partition.ts';

/**
 * The newest records of all partitions that are followed, in the order in which they came: many readers at
 * the tip share one fetch. The newest take the place of the oldest.
 */
export class TailMemory {
  readonly #bytesMax: number;
  readonly #kept = new Queue<{ readonly partition: TailPartition; readonly batch: LoggedBatch }>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Keeps batches that follow those of a partition up to `next`, the newest of them for sure. */
  keep(partition: TailPartition, batches: readonly LoggedBatch[], next: KafkaOffset): void {
    partition.push(batches, next);
    for (const batch of batches) {
      this.#kept.push({ partition, batch });
      this.#bytes += costOf(batch);
    }
    while (this.#bytes > this.#bytesMax && this.#kept.size > 1) {
      const oldest = this.#kept.shift();
      this.#bytes -= costOf(oldest.batch);
      oldest.partition.forget(oldest.batch);
    }
  }
}

/** A batch takes its bytes, and about so many for the objects around them. */
function costOf({ bytes }: LoggedBatch): number {
  return bytes.length + 512;
}
