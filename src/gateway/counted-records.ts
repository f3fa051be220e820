import type { Millis } from '../env/clock.ts';
import type { Offset } from '../kinesis/record.ts';
import {
  type Appended,
  type NewBatch,
  type Position,
  type ReadRequest,
  type Records,
  type ShardKey,
  type Slice,
  ThrottledError,
} from '../log/log.ts';
import type { LocalThrottle } from '../stream/throttle.ts';

/**
 * Records whose appends are counted here. One that has a record above the limits of its shard is not carried
 * out: whoever sent it leaves that record out, and sends the others again without their sizes.
 */
export class CountedRecords implements Records {
  readonly #records: Records;
  readonly #throttle: Pick<LocalThrottle, 'mayWrite'>;

  constructor(records: Records, throttle: Pick<LocalThrottle, 'mayWrite'>) {
    this.#records = records;
    this.#throttle = throttle;
  }

  append(key: ShardKey, { sizes, ...batch }: NewBatch): Promise<Appended> {
    const refused = sizes?.flatMap((bytes, place) => (this.#throttle.mayWrite(key, bytes) ? [] : [place]));
    if (refused !== undefined && refused.length > 0) return Promise.reject(ThrottledError.of(refused));
    return this.#records.append(key, batch);
  }

  read(key: ShardKey, request: ReadRequest): Promise<Slice> {
    return this.#records.read(key, request);
  }

  seek(key: ShardKey, time: Millis): Promise<Offset> {
    return this.#records.seek(key, time);
  }

  position(key: ShardKey): Promise<Position> {
    return this.#records.position(key);
  }

  grown(key: ShardKey, past: Offset, signal: AbortSignal): Promise<void> {
    return this.#records.grown(key, past, signal);
  }
}
