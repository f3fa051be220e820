import { strict as assert } from 'node:assert';
import type { Offset, StoredBatch } from '../../kinesis/record.ts';
import type { ReadLimit } from '../log.ts';
import { frameKinds } from './frame.ts';
import type { Draft } from './round.ts';
import type { RoundLayout } from './round-layout.ts';

/**
 * The batches of the last rounds of all streams, up to a number of bytes of memory: who reads at the tip never touches the
 * disk. A round comes in when it is durable, and goes as a whole when newer ones need its place.
 */
export class Tail {
  readonly #bytesMax: number;
  /** Oldest first. */
  readonly #rounds = new Queue<{ readonly bytes: number; readonly holders: readonly ShardTail[] }>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Takes in a round that is durable. `tailOf` a shard must be the same object each time. */
  keep(drafts: readonly Draft[], layout: RoundLayout, tailOf: (shard: number) => ShardTail): void {
    const holders: ShardTail[] = [];
    for (const [index, draft] of drafts.entries()) {
      if (draft.kind !== frameKinds.records) continue;
      const tail = tailOf(draft.shard);
      for (const batch of batchesOf(draft, layout, index)) {
        tail.push(batch);
        holders.push(tail);
      }
    }
    const bytes = memoryOf(layout) + roundOverheadBytes + holders.length * batchOverheadBytes;
    this.#rounds.push({ bytes, holders });
    this.#bytes += bytes;
    while (this.#bytes > this.#bytesMax) this.#dropOldest();
  }

  #dropOldest(): void {
    const { bytes, holders } = this.#rounds.shift();
    for (const tail of holders) tail.shift();
    this.#bytes -= bytes;
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

  /** As a shard's `read`; undefined when the batch that holds `from` is not in memory. */
  read(from: Offset, limit: ReadLimit): StoredBatch[] | undefined {
    let at = this.#find(from);
    if (at === -1) return undefined;
    const answer: StoredBatch[] = [];
    let bytes = 0;
    for (let next = from; next - from < limit.records && bytes < limit.bytes; at++) {
      const batch = this.#batches.at(at);
      if (batch === undefined) break;
      answer.push(stored(batch));
      bytes += batch.length;
      next = batch.first + batch.count;
    }
    return answer;
  }

  /** The place of the batch that holds an offset, −1 when it is older. */
  #find(from: Offset): number {
    let low = 0;
    let high = this.#batches.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#batches.at(middle)!.first <= from) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** A batch, and where in memory it lies. A view is made when somebody wants it: it costs as much as all else here. */
type TailBatch = Omit<StoredBatch, 'bytes'> & {
  readonly memory: Buffer;
  readonly at: number;
  readonly length: number;
};

/** A copy, unless it is much of the memory: a view would keep all of the round, for as long as a slow reader likes. */
function stored({ first, arrival, count, memory, at, length }: TailBatch): StoredBatch {
  const view = memory.subarray(at, at + length);
  return { first, arrival, count, bytes: length * 4 < memory.buffer.byteLength ? Buffer.from(view) : view };
}

/** A frame that was copied is one batch; of another, the batches that were handed in are kept. */
function batchesOf(draft: Draft, { slab, payloadsAt }: RoundLayout, index: number): TailBatch[] {
  const { arrival, count, payloadBytes: length } = draft;
  const at = payloadsAt[index];
  if (at !== undefined) return [{ first: draft.first, arrival, count, memory: slab, at, length }];
  return draft.writes.map(({ write, first }) => {
    const { bytes, count } = write.batch!;
    return { first, arrival, count, memory: bytes, at: 0, length: bytes.length };
  });
}

/** What views into a round keep alive: also what else lies in the memory that they are views of. */
function memoryOf({ buffers }: RoundLayout): number {
  let bytes = 0;
  for (const memory of new Set(buffers.map(({ buffer }) => buffer))) bytes += memory.byteLength;
  return bytes;
}

/** First in, first out, with a look at each. */
class Queue<T> {
  #items: T[] = [];
  #begin = 0;

  get size(): number {
    return this.#items.length - this.#begin;
  }

  get last(): T | undefined {
    return this.size === 0 ? undefined : this.#items[this.#items.length - 1];
  }

  at(index: number): T | undefined {
    return this.#items[this.#begin + index];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T {
    assert(this.size > 0);
    const item = this.#items[this.#begin]!;
    // What is left behind would be kept alive.
    this.#items[this.#begin++] = undefined as T;
    if (this.#begin * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#begin);
      this.#begin = 0;
    }
    return item;
  }
}

// What the objects cost, generously.
const roundOverheadBytes = 512;
const batchOverheadBytes = 128;
