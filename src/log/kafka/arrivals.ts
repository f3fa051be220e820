import type { Millis } from '../../env/clock.ts';
import type { LoggedBatch } from '../log.ts';
import type { KafkaOffset } from './client.ts';

/**
 * When the latest of a shard's records arrived, by the clocks of brokers. What each record is shown with
 * is what its broker noted, also when the clock of the next leader is behind: it is part of the record's
 * sequence number, so every gateway has to show the same, now and later. (Of ApproximateArrivalTimestamp AWS
 * promises neither that it is accurate nor that it always increases: Kinesis API reference, Record.)
 */
export class Arrivals {
  /** All before it were heard of. */
  #end: KafkaOffset = 0;
  #latest: Millis = Number.NEGATIVE_INFINITY;

  /** When the latest record arrived of which anything was heard, −Infinity without one. */
  get latest(): Millis {
    return this.#latest;
  }

  /** Whether `latest` speaks of all records before an offset. */
  reach(end: KafkaOffset): boolean {
    return this.#end >= end;
  }

  /** There are no records before an offset but those that were heard of. */
  cover(end: KafkaOffset): void {
    this.#end = Math.max(this.#end, end);
  }

  /** Hears of batches. */
  note(batches: readonly Pick<LoggedBatch, 'first' | 'count' | 'arrival'>[]): void {
    for (const { first, count, arrival } of batches) {
      this.#end = Math.max(this.#end, first + count);
      this.#latest = Math.max(this.#latest, arrival);
    }
  }
}
