import { strict as assert } from 'node:assert';
import type { Clock } from '../env/clock.ts';
import type { ShardKey } from '../log/log.ts';
import { type Buckets, bucketNames, newBuckets, type ShardBuckets } from '../stream/throttle.ts';

/**
 * Buckets in memory that threads share, so that a shard's limits hold over all of them. The memory is sets of
 * slots; a shard may lie in any slot of its set, and in a full set takes the place of the one that was quiet
 * for longest. A slot is
 *
 *   stream's number, 0 if unused | shard's index | time of last use |
 *   what five buckets hold, and since when
 *
 * in doubles. A thread that uses a slot holds the lock of its set meanwhile, for well under a microsecond.
 */
export class SharedBuckets implements Buckets {
  readonly #locks: Int32Array;
  readonly #cells: Float64Array;
  readonly #clock: Clock;
  /** What is worked on, taken out of its slot and put back. */
  readonly #buckets: ShardBuckets;

  /** All threads give the same memory. */
  constructor(memory: SharedArrayBuffer, clock: Clock) {
    this.#locks = new Int32Array(memory, 0, sets);
    this.#cells = new Float64Array(memory, locksBytes);
    this.#clock = clock;
    this.#buckets = newBuckets(0);
  }

  use<Result>(key: ShardKey, work: (buckets: ShardBuckets) => Result): Result {
    const stream = Number(key.stream);
    assert(Number.isSafeInteger(stream) && stream > 0);
    // Shards of a stream lie next to each other, streams far apart.
    const set = ((Math.imul(stream, 0x9e3779b1) >>> 0) + key.shard) % sets;
    this.#lock(set);
    try {
      const slot = this.#slotOf(set, stream, key.shard);
      this.#load(slot);
      const result = work(this.#buckets);
      this.#save(slot);
      return result;
    } finally {
      Atomics.store(this.#locks, set, 0);
    }
  }

  #lock(set: number): void {
    for (let tries = 1; Atomics.compareExchange(this.#locks, set, 0, 1) !== 0; tries++) {
      // The holder was interrupted. Releasing a lock wakes no waiter, which would cost every thread that need
      // not wait.
      if (tries % 1000 === 0) Atomics.wait(this.#locks, set, 1, 1);
    }
  }

  /** Where a shard's slot begins. */
  #slotOf(set: number, stream: number, shard: number): number {
    const first = set * setCells;
    const cells = this.#cells;
    let oldest = first;
    for (let slot = first; slot < first + setCells; slot += slotCells) {
      if (cells[slot] === stream && cells[slot + 1] === shard) return slot;
      if (cells[slot + 2]! < cells[oldest + 2]!) oldest = slot;
    }
    cells[oldest] = stream;
    cells[oldest + 1] = shard;
    const full = newBuckets(this.#clock.monotonic());
    for (const [nth, name] of bucketNames.entries()) full[name].save(cells, oldest + 3 + nth * 2);
    return oldest;
  }

  #load(slot: number): void {
    for (let nth = 0; nth < bucketNames.length; nth++) {
      this.#buckets[bucketNames[nth]!].load(this.#cells, slot + 3 + nth * 2);
    }
  }

  #save(slot: number): void {
    this.#cells[slot + 2] = this.#clock.monotonic();
    for (let nth = 0; nth < bucketNames.length; nth++) {
      this.#buckets[bucketNames[nth]!].save(this.#cells, slot + 3 + nth * 2);
    }
  }
}

/**
 * Memory for the buckets of more shards than an account may have. Memory that is never used takes none of the
 * machine's.
 */
export function bucketsMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(locksBytes + sets * setCells * Float64Array.BYTES_PER_ELEMENT);
}

const sets = 8192;
const slotsPerSet = 8;
const slotCells = 3 + 2 * bucketNames.length;
const setCells = slotsPerSet * slotCells;
const locksBytes = sets * Int32Array.BYTES_PER_ELEMENT;
