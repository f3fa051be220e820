import type { HashKey, HashKeyRange } from '../kinesis/hash-key.ts';
import { limits } from '../kinesis/limits.ts';
import type { Shard, Stream } from '../kinesis/stream.ts';

/** The load of on-demand streams: an entry for each shard written to since the last `take`. */
export class Load {
  readonly #begun: () => void;
  #streams = new Map<string, Map<number, ShardLoad>>();

  /** `begun` is called for the first shard that is written to after a `take`. */
  constructor(begun: () => void = () => {}) {
    this.#begun = begun;
  }

  /** The load of a shard, for adding to it. */
  of(stream: Stream, shard: Shard): ShardLoad {
    let shards = this.#streams.get(stream.id);
    if (shards === undefined) {
      if (this.#streams.size === 0) this.#begun();
      shards = new Map();
      this.#streams.set(stream.id, shards);
    }
    let load = shards.get(shard.index);
    if (load === undefined) {
      load = new ShardLoad(shard.range);
      shards.set(shard.index, load);
    }
    return load;
  }

  /** What was measured, as plain data. Measuring starts over. */
  report(): MeasuredLoad[] {
    return [...this.take()].flatMap(([stream, shards]) =>
      [...shards].map(([shard, load]) => ({ stream, shard, ...load.measured })),
    );
  }

  /** What was measured, by stream id and shard index. Measuring starts over. */
  take(): ReadonlyMap<string, StreamLoad> {
    const taken = this.#streams;
    this.#streams = new Map();
    return taken;
  }
}

/** What was written to one shard, as plain data. */
export type MeasuredLoad = {
  /** The stream's id. */
  readonly stream: string;
  readonly shard: number;
  readonly bytes: number;
  readonly records: number;
  readonly slices: Float64Array;
};

/** By shard index. */
export type StreamLoad = ReadonlyMap<number, ShardLoad>;

/** What was written to a shard, and to which part of its hash key range. */
export class ShardLoad {
  bytes = 0;
  records = 0;
  readonly #range: HashKeyRange;
  readonly #first: number;
  readonly #slicesPerKey: number;
  /** The weight of the records of each of so many equal parts of the range. */
  readonly #slices = new Float64Array(slices);

  constructor(range: HashKeyRange) {
    this.#range = range;
    this.#first = Number(range.first);
    this.#slicesPerKey = slices / Number(range.last - range.first + 1n);
  }

  /**
   * Counts a record; one without a hash key in no slice, because the service chooses its shard. Doubles tell
   * hash keys apart down to 2^-53 of the space, finer than any useful shard.
   */
  add(hashKey: number | undefined, bytes: number): void {
    this.bytes += bytes;
    this.records += 1;
    if (hashKey === undefined) return;
    const slice = Math.floor((hashKey - this.#first) * this.#slicesPerKey);
    this.#slices[Math.min(Math.max(slice, 0), slices - 1)]! += Math.max(bytes, weightMin);
  }

  get measured(): Omit<MeasuredLoad, 'stream' | 'shard'> {
    return { bytes: this.bytes, records: this.records, slices: this.#slices };
  }

  /** Counts what was measured elsewhere. */
  include({ bytes, records, slices }: MeasuredLoad): void {
    this.bytes += bytes;
    this.records += records;
    slices.forEach((weight, slice) => {
      this.#slices[slice]! += weight;
    });
  }

  /**
   * The hash key that splits the shard's load most evenly. Undefined when most of the load is on one key, so
   * that no split would take a worthwhile part of it away.
   */
  halvingKey(): HashKey | undefined {
    const total = this.#slices.reduce((sum, weight) => sum + weight, 0);
    let below = 0;
    let cut = 0;
    let lighter = 0;
    for (let slice = 1; slice < slices; slice++) {
      below += this.#slices[slice - 1]!;
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
