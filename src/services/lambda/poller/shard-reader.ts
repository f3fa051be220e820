import type { Millis } from '../../../env/clock.ts';
import { type Offset, recordEnd, type StoredBatch } from '../../../kinesis/record.ts';
import type { Records, ShardKey, Slice } from '../../../log/log.ts';
import type { RecordFilter } from '../filter/record-filter.ts';
import type { Lane } from './lane.ts';
import { dataOf, heldBytesOf, laneOf, type PolledRecord, variableEventBytes } from './polled-record.ts';

/** How a shard is read for its lanes. */
export type ReaderSubject = {
  readonly log: Records;
  readonly key: ShardKey;
  readonly filter: RecordFilter;
  /** What each record takes in an event besides its key and data. */
  readonly recordBytes: number;
};

/** `end` is where the lanes end; `bytesMax` may be less than one batch has. */
export type ReadHow = {
  readonly isLast: boolean;
  readonly since: Millis;
  readonly end: Offset;
  readonly bytesMax: number;
};

/** What a read was, in records. */
export type WasRead = {
  /** Those that were not read before, by any lane. */
  readonly polled: number;
  readonly filteredOut: number;
  /** What those take that were put to lanes. */
  readonly heldBytes: number;
  /** Those that are no longer in the stream, at most. */
  readonly lost: number;
};

/**
 * Reads a shard for its lanes. A lane that is full is passed over, and shown later what it was not shown: so
 * one that stands still neither holds the others up nor takes more memory. What a lane waits for is copied
 * out of what was read: nothing else of that is kept.
 */
export class ShardReader {
  readonly #subject: ReaderSubject;
  readonly #lanes: readonly Lane[];
  readonly #words = new Uint32Array(4);
  /** What no lane was shown yet begins there. */
  #shown: Offset;

  constructor(subject: ReaderSubject, lanes: readonly Lane[]) {
    this.#subject = subject;
    this.#lanes = lanes;
    this.#shown = Math.max(...lanes.map(({ next }) => next));
  }

  /**
   * Reads on for those of some lanes that come first, or last where that is asked for: where one lags, both
   * take turns. Answers how the shard stands, too. Rejects as `Records.read` does, and with what `allowed`
   * throws; then nothing was read.
   */
  async read(
    lanes: readonly Lane[],
    { isLast, since, end, bytesMax }: ReadHow,
    allowed: (batches: readonly StoredBatch[]) => void,
  ): Promise<{ readonly was: WasRead; readonly slice: Slice }> {
    const { log, key } = this.#subject;
    const places = lanes.map(({ next }) => next);
    const from = isLast ? Math.max(...places) : Math.min(...places);
    const slice = await log.read(key, {
      from,
      since,
      limit: { records: readRecordsMax, bytes: bytesMax },
    });
    allowed(slice.batches);
    const lost = await this.#lostBefore(slice, from, since);
    return { was: { ...this.#show(lanes, from, slice, end), lost }, slice };
  }

  /** How many records there were between where a read began and what it found, at most. */
  async #lostBefore({ batches, start, end }: Slice, from: Offset, since: Millis): Promise<number> {
    const found = batches[0]?.first ?? end;
    if (found <= from) return 0;
    // An engine has marks of its own, too: only what arrived too early is lost.
    const kept = await this.#subject.log.seek(this.#subject.key, since);
    return Math.max(0, Math.min(found, Math.max(start, kept)) - from);
  }

  #show(lanes: readonly Lane[], from: Offset, slice: Slice, end: Offset): Omit<WasRead, 'lost'> {
    const shown = lanes.filter(({ next }) => next >= from).map((lane) => new ShownLane(lane));
    const byLane = this.#lanes.map((lane) => shown.find((each) => each.lane === lane));
    const first = this.#shown;
    let filteredOut = 0;
    let polled = 0;
    let reached = slice.batches.length === 0 ? Math.max(from, Math.min(slice.end, end)) : from;
    for (const { bytes, count, first: begin, arrival } of slice.batches) {
      for (let index = 0, at = 0; index < count; index++) {
        const offset = begin + index;
        const ends = recordEnd(bytes, at);
        if (offset >= end) break;
        reached = offset + 1;
        if (offset >= first) polled++;
        const lane = byLane[laneOf({ bytes, at, offset }, byLane.length, this.#words)];
        if (lane?.isShown(offset)) {
          if (this.#isLetIn(bytes, at, ends)) lane.take({ bytes, at, end: ends, offset, arrival });
          else filteredOut++;
        }
        at = ends;
      }
    }
    let taken = 0;
    for (const lane of shown) taken += lane.finish(reached, this.#subject.recordBytes);
    this.#shown = Math.max(first, reached);
    return { polled, filteredOut, heldBytes: taken };
  }

  #isLetIn(bytes: Buffer, at: number, end: number): boolean {
    return this.#subject.filter(dataOf({ bytes, at, end }));
  }
}

type Shown = Pick<PolledRecord, 'bytes' | 'at' | 'end' | 'offset' | 'arrival'>;

/** A lane while it is shown what was read. */
class ShownLane {
  readonly lane: Lane;
  readonly #taken: Shown[] = [];
  #bytes = 0;
  /** The first record that the lane had no room for. */
  #stoppedAt: Offset | undefined;

  constructor(lane: Lane) {
    this.lane = lane;
  }

  /** Whether the lane is to see a record of its own: a new one, with nothing left out before it. */
  isShown(offset: Offset): boolean {
    if (offset < this.lane.next || this.#stoppedAt !== undefined) return false;
    // What an event has room for is more than what records take: base64 of their data.
    if (this.lane.queue.hasRoom(this.#taken.length, this.#bytes * 2)) return true;
    this.#stoppedAt = offset;
    return false;
  }

  take(record: Shown): void {
    this.#taken.push(record);
    this.#bytes += record.end - record.at;
  }

  /** Puts what was taken to the lane, in bytes of its own. Answers what that takes. */
  finish(reached: Offset, recordBytes: number): number {
    const { lane } = this;
    let held = 0;
    if (this.#taken.length > 0) {
      const bytes = Buffer.allocUnsafeSlow(this.#bytes);
      let to = 0;
      for (const { bytes: from, at, end, offset, arrival } of this.#taken) {
        from.copy(bytes, to, at, end);
        const eventBytes = recordBytes + variableEventBytes(bytes, to);
        held += heldBytesOf({ at, end });
        lane.push({ offset, arrival, bytes, at: to, end: to + end - at, eventBytes });
        to += end - at;
      }
    }
    lane.next = Math.max(lane.next, this.#stoppedAt ?? reached);
    return held;
  }
}

const readRecordsMax = 10_000;
