import { strict as assert } from 'node:assert';
import type { Millis } from '../../env/clock.ts';
import { firstWhere } from '../../env/first-where.ts';
import type { PartitionOf } from '../../env/kafka.ts';
import { Condition } from '../condition.ts';
import type { LoggedBatch, ReadLimit } from '../log.ts';
import { Queue } from '../queue.ts';
import type { Bounds, FetchedBatches, KafkaOffset } from './client.ts';
import { FetchedPage } from './fetched-page.ts';

/**
 * What is known of a partition that is followed: where it stands, and its newest records, without a gap that
 * is not one of the partition.
 */
export class TailPartition implements PartitionOf {
  readonly topic: string;
  readonly partition: number;
  readonly changes = new Condition();
  /** How many wait for it to grow, and when something was asked of it last. */
  waiting = 0;
  usedAt: Millis = Number.NEGATIVE_INFINITY;
  /** Who asks its leader again and again, once that has answered; see `Tail.isFresh`. */
  coveredBy: { readonly asOf: Millis } | undefined;
  /** It is followed no more, and what is known of it grows old. */
  isLost = false;
  #bounds: Bounds = { start: 0, end: 0 };
  /** The batches from `#from` to `#next`; nothing before the end is known to be between others. */
  readonly #batches = new Queue<LoggedBatch>();
  #from: KafkaOffset;
  #next: KafkaOffset;

  /** It is followed from an offset on. */
  constructor({ topic, partition }: PartitionOf, bounds: Bounds) {
    this.topic = topic;
    this.partition = partition;
    this.#bounds = bounds;
    this.#from = bounds.end;
    this.#next = bounds.end;
  }

  get bounds(): Bounds {
    return this.#bounds;
  }

  /** What is to be fetched next. */
  get next(): KafkaOffset {
    return this.#next;
  }

  /** Both only grow: a broker that says less is behind. */
  learn({ start, end }: Bounds): void {
    const known = this.#bounds;
    if (start <= known.start && end <= known.end) return;
    this.#bounds = { start: Math.max(start, known.start), end: Math.max(end, known.end) };
  }

  /** Takes what follows up to `next`. */
  push(batches: readonly LoggedBatch[], next: KafkaOffset): void {
    assert(next >= this.#next);
    for (const batch of batches) this.#batches.push(batch);
    this.#next = next;
  }

  /** Lets go of a batch, if it still has it. */
  forget(batch: LoggedBatch): void {
    if (this.#batches.first !== batch) return;
    this.#batches.shift();
    this.#from = this.#batches.first?.first ?? this.#next;
  }

  /** Whether what follows an offset is here, or will be. */
  has(from: KafkaOffset): boolean {
    return from >= this.#from && from <= this.#bounds.end;
  }

  /** Batches from an offset on that it has; undefined when it has none, and is not at the end. */
  read(from: KafkaOffset, limit: ReadLimit): FetchedBatches | undefined {
    const page = new FetchedPage(from, limit);
    const size = this.#batches.size;
    const at = firstWhere(size, (index) => endOf(this.#batches.at(index)!) > from);
    for (let index = at; index < size && !page.isFull; index++) page.add(this.#batches.at(index)!);
    const found = page.seenUpTo(this.#next, this.#bounds);
    return found.batches.length > 0 || this.#next >= this.#bounds.end ? found : undefined;
  }
}

function endOf({ first, count }: LoggedBatch): KafkaOffset {
  return first + count;
}
