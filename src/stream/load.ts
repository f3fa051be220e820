import type { HashKey, HashKeyRange } from '../kinesis/hash-key.ts';
import type { Shard, Stream } from '../kinesis/stream.ts';
import { HashSlices } from './hash-slices.ts';

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
  readonly #slices: HashSlices;

  constructor(range: HashKeyRange) {
    this.#slices = new HashSlices(range);
  }

  /** Counts a record; one without a hash key in no slice, because the service chooses its shard. */
  add(hashKey: number | undefined, bytes: number): void {
    this.bytes += bytes;
    this.records += 1;
    if (hashKey !== undefined) this.#slices.add(hashKey, bytes);
  }

  get measured(): Omit<MeasuredLoad, 'stream' | 'shard'> {
    return { bytes: this.bytes, records: this.records, slices: this.#slices.weights };
  }

  /** Counts what was measured elsewhere. */
  include({ bytes, records, slices }: MeasuredLoad): void {
    this.bytes += bytes;
    this.records += records;
    this.#slices.include(slices);
  }

  /** See `HashSlices`. */
  halvingKey(): HashKey | undefined {
    return this.#slices.halvingKey();
  }
}
