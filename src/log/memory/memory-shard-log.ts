import { strict as assert } from 'node:assert';
import type { Clock, Millis } from '../../env/clock.ts';
import { firstWhere } from '../../env/first-where.ts';
import type { Offset } from '../../kinesis/record.ts';
import { Condition } from '../condition.ts';
import { placeTag } from '../encryption.ts';
import { inOnePiece } from '../in-one-piece.ts';
import type { KeyIds } from '../key-ids.ts';
import {
  type Appended,
  type LoggedBatch,
  type NewBatch,
  type Position,
  type ReadRequest,
  SealedError,
  type Slice,
} from '../log.ts';

/** One shard's batches in an array, oldest first. */
export class MemoryShardLog {
  readonly #clock: Clock;
  readonly #keyIds: KeyIds;
  readonly #growth = new Condition();
  readonly #batches: LoggedBatch[] = [];
  #position: Position = { start: 0, end: 0, lastArrival: Number.NEGATIVE_INFINITY };
  #isSealed = false;
  #isGone = false;

  /** `keyIds` are those of its stream. */
  constructor(clock: Clock, keyIds: KeyIds) {
    this.#clock = clock;
    this.#keyIds = keyIds;
  }

  get position(): Position {
    return this.#position;
  }

  append(batch: NewBatch): Appended {
    assert(batch.count > 0);
    if (this.#isSealed) throw new SealedError('The shard is closed.');
    const { start, end: first, lastArrival } = this.#position;
    const arrival = Math.max(lastArrival, this.#clock.now());
    this.#batches.push(this.#logged(batch, first, arrival));
    this.#position = { start, end: first + batch.count, lastArrival: arrival };
    this.#growth.announce();
    return { first, arrival };
  }

  read({ from: asked, since, limit, own }: ReadRequest): Slice {
    const from = Math.max(asked, this.#position.start);
    const batches: LoggedBatch[] = [];
    let at = this.#firstWhere((batch) => endOf(batch) > from && batch.arrival >= since);
    const first = Math.max(from, this.#batches[at]?.first ?? from);
    for (let bytes = 0, end = first; end - first < limit.records && bytes < limit.bytes; at++) {
      const batch = this.#batches[at];
      if (batch === undefined) break;
      batches.push(batch);
      bytes += batch.bytes.length;
      end = endOf(batch);
    }
    return { ...this.#position, batches: own === true ? inOnePiece(batches) : batches };
  }

  seek(time: Millis): Offset {
    const { start, end } = this.#position;
    const batch = this.#batches[this.#firstWhere(({ arrival }) => arrival >= time)];
    return Math.max(start, batch?.first ?? end);
  }

  trim(before: Offset): void {
    const { start, end } = this.#position;
    const kept = Math.max(start, Math.min(before, end));
    this.#position = { ...this.#position, start: kept };
    const isKept = (batch: LoggedBatch) => endOf(batch) > kept;
    this.#batches.splice(0, this.#firstWhere(isKept));
  }

  seal(): Offset {
    this.#isSealed = true;
    this.#growth.announce();
    return this.#position.end;
  }

  grown(past: Offset, signal: AbortSignal): Promise<void> {
    return this.#growth.until(() => this.#position.end > past || this.#isSealed || this.#isGone, signal);
  }

  /** Wakes what waits: the shard is no more. */
  end(): void {
    this.#isGone = true;
    this.#growth.announce();
  }

  #logged({ count, bytes, key: placing }: NewBatch, first: Offset, arrival: Millis): LoggedBatch {
    const batch = { count, bytes, first, arrival };
    if (placing === undefined) return batch;
    const key = this.#keyIds.place(placing);
    return { ...batch, encryption: { key, tag: placeTag(key, batch, [bytes]) } };
  }

  #firstWhere(holds: (batch: LoggedBatch) => boolean): number {
    return firstWhere(this.#batches.length, (index) => holds(this.#batches[index]!));
  }
}

function endOf(batch: LoggedBatch): Offset {
  return batch.first + batch.count;
}
