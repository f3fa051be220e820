import { strict as assert } from 'node:assert';
import { firstWhere } from '../../../env/first-where.ts';
import type { Offset } from '../../../kinesis/record.ts';
import { inOnePiece } from '../../in-one-piece.ts';
import type { LoggedBatch, ReadRequest } from '../../log.ts';
import { Queue } from '../../queue.ts';
import { frameKinds } from '../format/frame.ts';
import type { NewFrame } from '../write/round.ts';

/**
 * The newest records of all streams, in a fixed piece of memory: readers at the tip never touch the disk. The
 * newest frames take the place of the oldest. Frames are copied in, and copied out once for all their
 * readers: batches kept as they were handed in would grow old, and old memory is dear to collect (a sixth of
 * the cost of a put).
 */
export class Tail {
  readonly #bytesMax: number;
  /** Made when it is needed first, so that a server that stores nothing has no such memory. */
  #memory: Buffer | undefined;
  /** Oldest first. */
  readonly #places = new Queue<{ readonly holder: ShardTail; readonly begin: number }>();
  /** Counts on from lap to lap: what remains after whole laps is the place in memory. */
  #end = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Takes in the frames of a round that is durable. `tailOf` a shard must be the same object each time. */
  keep(frames: readonly NewFrame[], tailOf: (shard: number) => ShardTail): void {
    for (const frame of frames) {
      if (frame.kind !== frameKinds.records) continue;
      const begin = this.#makeRoom(Math.max(frame.payloadBytes, frameBytesMin));
      if (begin !== undefined) this.#put(frame, begin, tailOf(frame.shard));
    }
  }

  #put(frame: NewFrame, begin: number, holder: ShardTail): void {
    const { first, count, arrival, payload, payloadBytes, key, encryption } = frame;
    this.#memory ??= Buffer.allocUnsafeSlow(this.#bytesMax);
    const at = begin % this.#bytesMax;
    let end = at;
    for (const bytes of payload) {
      this.#memory.set(bytes, end);
      end += bytes.length;
    }
    assert(end === at + payloadBytes);
    this.#places.push({ holder, begin });
    const batch = { first, count, arrival, memory: this.#memory, at, length: payloadBytes, copy: undefined };
    holder.push(key === undefined ? batch : { ...batch, encryption: { key, tag: encryption!.tag } });
  }

  /**
   * Makes room for so many bytes in a row, and answers where; undefined, with nothing left in memory, when
   * they never fit.
   */
  #makeRoom(bytes: number): number | undefined {
    const lapEnd = (Math.floor(this.#end / this.#bytesMax) + 1) * this.#bytesMax;
    const begin = this.#end + bytes > lapEnd ? lapEnd : this.#end;
    this.#end = begin + bytes;
    while (this.#places.size > 0 && this.#places.first!.begin + this.#bytesMax < this.#end) {
      this.#places.shift().holder.shift();
    }
    return bytes > this.#bytesMax ? undefined : begin;
  }
}

/** The newest batches of one shard, without a gap up to its end. */
export class ShardTail {
  readonly #batches = new Queue<TailBatch>();

  push(batch: TailBatch): void {
    const last = this.#batches.last;
    assert(last === undefined || last.first + last.count === batch.first);
    this.#batches.push(batch);
  }

  shift(): void {
    this.#batches.shift();
  }

  /**
   * The batches from the one that holds `from` on, which must exist, until a limit is reached; undefined when
   * that one is not in memory.
   */
  read(from: Offset, { limit, own }: Pick<ReadRequest, 'limit' | 'own'>): LoggedBatch[] | undefined {
    let at = firstWhere(this.#batches.size, (index) => this.#batches.at(index)!.first > from) - 1;
    if (at === -1) return undefined;
    const answer: LoggedBatch[] = [];
    let bytes = 0;
    for (let batch = this.#batches.at(at); batch !== undefined; batch = this.#batches.at(++at)) {
      answer.push(own === true ? viewOf(batch) : copyOf(batch));
      bytes += batch.length;
      if (batch.first + batch.count - from >= limit.records || bytes >= limit.bytes) break;
    }
    return own === true ? inOnePiece(answer) : answer;
  }
}

/** A batch, and where in memory it lies. */
type TailBatch = Omit<LoggedBatch, 'bytes'> & {
  readonly memory: Buffer;
  readonly at: number;
  readonly length: number;
  /** Made for the first reader, and kept for the others: they come soon, or not at all. */
  copy: LoggedBatch | undefined;
};

function copyOf(batch: TailBatch): LoggedBatch {
  if (batch.copy === undefined) {
    const view = viewOf(batch);
    batch.copy = { ...view, bytes: Buffer.from(view.bytes) };
  }
  return batch.copy;
}

/** As it lies in memory, until other batches take its place. */
function viewOf({ first, arrival, count, memory, at, length, encryption }: TailBatch): LoggedBatch {
  const batch = { first, arrival, count, bytes: memory.subarray(at, at + length) };
  return encryption === undefined ? batch : { ...batch, encryption };
}

/** A frame takes no less, so that the objects for small frames take no more than a part of their place. */
const frameBytesMin = 512;
