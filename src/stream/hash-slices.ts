import type { HashKey, HashKeyRange } from '../kinesis/hash-key.ts';
import { limits } from '../kinesis/limits.ts';

/** What was written to equal parts of a hash key range: how a shard's load lies in it. */
export class HashSlices {
  readonly #range: HashKeyRange;
  readonly #first: number;
  readonly #slicesPerKey: number;
  /** The weight of the records of each. */
  readonly weights = new Float64Array(slices);

  constructor(range: HashKeyRange) {
    this.#range = range;
    this.#first = Number(range.first);
    this.#slicesPerKey = slices / Number(range.last - range.first + 1n);
  }

  /**
   * Counts as many records of so many bytes. Doubles tell hash keys apart down to 2^-53 of the space, finer
   * than any useful shard.
   */
  add(hashKey: number, bytes: number, records = 1): void {
    const slice = Math.floor((hashKey - this.#first) * this.#slicesPerKey);
    this.weights[Math.min(Math.max(slice, 0), slices - 1)]! += Math.max(bytes, weightMin) * records;
  }

  /** Counts what was measured elsewhere. */
  include(weights: Float64Array): void {
    for (let slice = 0; slice < slices; slice++) this.weights[slice]! += weights[slice]!;
  }

  /** Has everything so far count for less. */
  fade(factor: number): void {
    for (let slice = 0; slice < slices; slice++) this.weights[slice]! *= factor;
  }

  /**
   * The hash key that splits the load most evenly. Undefined when most of it is on one key, so that no split
   * would take a worthwhile part of it away.
   */
  halvingKey(): HashKey | undefined {
    const total = this.weights.reduce((sum, weight) => sum + weight, 0);
    let below = 0;
    let cut = 0;
    let lighter = 0;
    for (let slice = 1; slice < slices; slice++) {
      below += this.weights[slice - 1]!;
      if (Math.min(below, total - below) <= lighter) continue;
      cut = slice;
      lighter = Math.min(below, total - below);
    }
    if (cut === 0 || lighter < total * worthwhile) return undefined;
    const { first, last } = this.#range;
    // Rounded up, so that the keys of the slices below stay below.
    return first + ((last - first + 1n) * BigInt(cut) + BigInt(slices - 1)) / BigInt(slices);
  }
}

const slices = 64;

/** The least weight of a record, at which the shard's limits of records and of bytes are reached together. */
const weightMin = limits.shardWriteBytesPerSecond / limits.shardWriteRecordsPerSecond;

/** A split takes away an eighth of the load or more, so one hot key is not split for over and over. */
const worthwhile = 1 / 8;
