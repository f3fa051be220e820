import type { Millis } from '../../../env/clock.ts';
import { Queue } from '../../../log/queue.ts';
import type { MappingRecord, OpenWindow } from '../state/lambda-state.ts';
import type { PolledRecord } from './polled-record.ts';
import { windowOf } from './tumbling.ts';

/** What there is to take of a queue: a batch, or none before a time by the monotonic clock, if ever. */
export type Taken =
  | { readonly kind: 'batch'; readonly records: readonly PolledRecord[] }
  | { readonly kind: 'none'; readonly until: Millis };

/** How things stand when a batch is asked for. */
export type TakeWhen = {
  /** By the monotonic clock. */
  readonly now: Millis;
  /** Bytes of records that an event has room for. */
  readonly bytesMax: number;
  /** The window that is open. */
  readonly window: OpenWindow | undefined;
  /** Nothing more is going to come before that, or there is no memory to wait for it. */
  readonly isLast: boolean;
  /** More is being read. */
  readonly isGrowing: boolean;
};

type QueueSettings = Pick<MappingRecord, 'batchSize' | 'windowSeconds' | 'tumblingSeconds'>;

/** Records of a lane that were read and not yet taken, in order. */
export class LaneQueue {
  readonly #settings: QueueSettings;
  readonly #queue = new Queue<PolledRecord>();
  #eventBytes = 0;

  constructor(settings: QueueSettings) {
    this.#settings = settings;
  }

  get first(): PolledRecord | undefined {
    return this.#queue.first;
  }

  get size(): number {
    return this.#queue.size;
  }

  /** Whether more is to be read, if `more` records of `moreBytes` were put to it. */
  hasRoom(more = 0, moreBytes = 0): boolean {
    const recordsMax = Math.max(aheadRecordsMin, 2 * this.#settings.batchSize);
    return this.#queue.size + more < recordsMax && this.#eventBytes + moreBytes < aheadBytesMax;
  }

  push(record: PolledRecord): void {
    this.#queue.push(record);
    this.#eventBytes += record.eventBytes;
  }

  /**
   * Takes a batch when it is due: when it is as large as it may be, when its time is over, which begins with
   * its first record, or when nothing can be added to it. Without a time to wait, it is what can be read at
   * once. It never crosses the end of a window.
   */
  take(when: TakeWhen): Taken {
    const { first } = this.#queue;
    if (first === undefined) return { kind: 'none', until: Number.POSITIVE_INFINITY };
    const { count, isFull } = this.#fitting(first, when);
    const { windowSeconds } = this.#settings;
    const isWaited = windowSeconds === 0 && when.isGrowing;
    const until = isWaited ? Number.POSITIVE_INFINITY : first.readAt + windowSeconds * 1000;
    if (!isFull && !when.isLast && when.now < until) return { kind: 'none', until };
    return { kind: 'batch', records: Array.from({ length: count }, () => this.#shift()) };
  }

  /** How many of the first records are a batch, and whether the next would not be one of it. */
  #fitting(first: PolledRecord, { bytesMax, window }: TakeWhen): { count: number; isFull: boolean } {
    const { batchSize, tumblingSeconds } = this.#settings;
    const ends = window?.end ?? windowOf(first.arrival, tumblingSeconds).end;
    let bytes = 0;
    for (let count = 0; ; count++) {
      const record = this.#queue.at(count);
      if (count >= batchSize) return { count, isFull: true };
      if (record === undefined) return { count, isFull: false };
      bytes += record.eventBytes;
      // A record that has no room alone goes alone: whoever calls says what is wrong with it.
      const hasRoom = count === 0 || (bytes <= bytesMax && record.arrival < ends);
      if (!hasRoom) return { count, isFull: true };
    }
  }

  #shift(): PolledRecord {
    const record = this.#queue.shift();
    this.#eventBytes -= record.eventBytes;
    return record;
  }
}

/** How far a lane is read ahead, at least and at most: two batches, as far as two events have room. */
export const aheadRecordsMin = 256;
const aheadBytesMax = 12 * 1024 * 1024;
