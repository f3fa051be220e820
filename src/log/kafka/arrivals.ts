import type { Millis } from '../../env/clock.ts';
import type { LoggedBatch } from '../log.ts';
import type { KafkaOffset } from './client.ts';

/**
 * When the records of a shard arrived, by the clocks of brokers, which may go back: no record arrived before
 * those before it. What was seen to have gone back is remembered, so that every reader here is told the same.
 * Kafka finds the first record at or after a time in the same sense.
 */
export class Arrivals {
  /** Nothing from an offset on arrived before a time. Both rise. */
  readonly #floors: { readonly from: KafkaOffset; readonly time: Millis }[] = [];
  /** All before `end` arrived by then. */
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

  /** Batches that follow one another, with the arrival times to be shown. */
  of(batches: readonly LoggedBatch[]): LoggedBatch[] {
    let before = Number.NEGATIVE_INFINITY;
    return batches.map((batch) => {
      before = this.at(batch, before);
      return before === batch.arrival ? batch : { ...batch, arrival: before };
    });
  }

  /**
   * The arrival time to be shown of a batch. What is right before it arrived at `before`, if that is known.
   */
  at(
    { first, count, arrival }: Pick<LoggedBatch, 'first' | 'count' | 'arrival'>,
    before: Millis = Number.NEGATIVE_INFINITY,
  ): Millis {
    const known = this.reach(first + 1) ? this.#floorAt(first) : this.#latest;
    const shown = Math.max(arrival, before, known);
    if (shown > arrival) this.#raise(first, shown);
    if (!this.reach(first + count)) {
      this.#end = first + count;
      this.#latest = Math.max(this.#latest, shown);
    }
    return shown;
  }

  #floorAt(offset: KafkaOffset): Millis {
    return this.#floors.findLast(({ from }) => from <= offset)?.time ?? Number.NEGATIVE_INFINITY;
  }

  /** Floors that say no more than one before them are left out. */
  #raise(from: KafkaOffset, time: Millis): void {
    if (this.#floorAt(from) >= time) return;
    const at = this.#floors.findLastIndex((floor) => floor.from < from) + 1;
    const above = this.#floors.findIndex((floor, index) => index >= at && floor.time > time);
    this.#floors.splice(at, (above === -1 ? this.#floors.length : above) - at, { from, time });
    if (this.#floors.length > floorsMax) this.#floors.shift();
  }
}

/** How often brokers' clocks may go back, by what a shard here remembers: 16 bytes each. */
const floorsMax = 64;
