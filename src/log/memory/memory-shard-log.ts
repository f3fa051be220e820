import { strict as assert } from 'node:assert';
import type { Clock, Millis } from '../../env/clock.ts';
import type { Offset, RecordBatch, StoredBatch } from '../../kinesis/record.ts';
import { Condition } from '../condition.ts';
import { type Appended, DroppedError, type ReadLimit, SealedError, type ShardLog } from '../log.ts';

/** One shard's batches in an array, oldest first. */
export class MemoryShardLog implements ShardLog {
  readonly #clock: Clock;
  readonly #growth = new Condition();
  readonly #batches: StoredBatch[] = [];
  #start: Offset = 0;
  #end: Offset = 0;
  #lastArrival: Millis = Number.NEGATIVE_INFINITY;
  #sealed = false;
  #gone: 'dropped' | 'closed' | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get start(): Offset {
    return this.#start;
  }

  get end(): Offset {
    return this.#end;
  }

  get lastArrival(): Millis {
    return this.#lastArrival;
  }

  async append(batch: RecordBatch): Promise<Appended> {
    assert(batch.count > 0);
    this.#refuseWhenGone();
    if (this.#sealed) throw new SealedError('The shard is closed.');
    const stored = { ...batch, first: this.#end, arrival: Math.max(this.#lastArrival, this.#clock.now()) };
    this.#batches.push(stored);
    this.#end += batch.count;
    this.#lastArrival = stored.arrival;
    this.#growth.announce();
    return { first: stored.first, arrival: stored.arrival };
  }

  async read(from: Offset, limit: ReadLimit): Promise<StoredBatch[]> {
    this.#refuseWhenGone();
    const first = Math.max(from, this.#start);
    const found: StoredBatch[] = [];
    let bytes = 0;
    for (let at = this.#firstWhere((batch) => endOf(batch) > first); at < this.#batches.length; at++) {
      const batch = this.#batches[at]!;
      found.push(batch);
      bytes += batch.bytes.length;
      if (endOf(batch) - first >= limit.records || bytes >= limit.bytes) break;
    }
    return found;
  }

  async seek(time: Millis): Promise<Offset> {
    this.#refuseWhenGone();
    const batch = this.#batches[this.#firstWhere((candidate) => candidate.arrival >= time)];
    return Math.max(this.#start, batch?.first ?? this.#end);
  }

  async trim(before: Offset): Promise<void> {
    this.#refuseWhenGone();
    this.#start = Math.max(this.#start, Math.min(before, this.#end));
    this.#batches.splice(
      0,
      this.#firstWhere((batch) => endOf(batch) > this.#start),
    );
  }

  async seal(): Promise<Offset> {
    this.#refuseWhenGone();
    this.#sealed = true;
    this.#growth.announce();
    return this.#end;
  }

  grown(past: Offset, signal: AbortSignal): Promise<void> {
    return this.#growth.until(() => this.#end > past || this.#sealed || this.#gone !== undefined, signal);
  }

  /** Refuses everything from now on. */
  refuse(because: 'dropped' | 'closed'): void {
    this.#gone = because;
    this.#batches.length = 0;
    this.#growth.announce();
  }

  #refuseWhenGone(): void {
    if (this.#gone === 'dropped') throw new DroppedError('The stream was deleted.');
    if (this.#gone === 'closed') throw new Error('The log is closed.');
  }

  /**
   * The index of the first batch for which `holds`, which must go on holding from there; the length when
   * there is none.
   */
  #firstWhere(holds: (batch: StoredBatch) => boolean): number {
    let low = 0;
    let high = this.#batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#batches[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function endOf(batch: StoredBatch): Offset {
  return batch.first + batch.count;
}
