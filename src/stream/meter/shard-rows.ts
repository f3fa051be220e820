import { type Counts, expiredShards, type ShardCounts } from './counts.ts';

/** Where the members of `Counts` are in a row. */
export const column = {
  ...{ recordsIn: 0, bytesIn: 1, putUnits: 2, kilobytesIn: 3, recordsThrottled: 4 },
  ...{ recordsOut: 5, bytesOut: 6, fanOutRecords: 7, fanOutBytes: 8, readsThrottled: 9 },
} as const satisfies Readonly<Record<keyof Counts, number>>;

const columns = Object.keys(column) as (keyof Counts)[];

/** The row of a shard that is not counted. */
export const noRow = -1;

/** Whether a shard, of a stream by its id, is still there. */
export type IsThere = (stream: string, shard: number) => 'shard' | 'stream' | false;

/**
 * The counts of shards: a row of numbers for each that was put to or read. Rows of shards that are gone are
 * used again; while their stream is there, what they counted is that of its `expiredShards`.
 */
export class ShardRows {
  #counts = new Float64Array(rowsFirst * width);
  #shards = new Int32Array(rowsFirst);
  /** By row, the id of its stream; undefined for a row that is free. */
  readonly #streams: (string | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #rows = new Map<string, Map<number, number>>();
  /** The stream asked for last: mostly it is the next one as well. */
  #latest = '';
  #latestRows: Map<number, number> | undefined;
  readonly #isThere: () => IsThere;
  readonly #freed: (row: number) => void;
  /** How many shards could not be counted since rows were looked through. */
  #refused = 0;

  /** `isThere` is asked for before rows are looked through; `freed` is told which was given back. */
  constructor(isThere: () => IsThere, freed: (row: number) => void) {
    this.#isThere = isThere;
    this.#freed = freed;
  }

  /** How many rows there are, the free ones among them. */
  get end(): number {
    return this.#streams.length;
  }

  /** The row of a shard; `noRow` when there are `rowsMax` others. */
  of(stream: string, shard: number): number {
    if (stream !== this.#latest || this.#latestRows === undefined) {
      this.#latest = stream;
      this.#latestRows = this.#rows.get(stream);
    }
    return this.#latestRows?.get(shard) ?? this.#open(stream, shard);
  }

  add(row: number, at: number, amount: number): void {
    this.#counts[row * width + at]! += amount;
  }

  /** The counts of rows `from..end`. */
  read(from: number, end: number): ShardCounts[] {
    const counts: ShardCounts[] = [];
    for (let row = from; row < Math.min(end, this.end); row++) {
      const stream = this.#streams[row];
      if (stream !== undefined) counts.push({ stream, shard: this.#shards[row]!, ...this.#countsOf(row) });
    }
    return counts;
  }

  /** Adds what was counted elsewhere. */
  include(counts: ShardCounts): void {
    const row = this.of(counts.stream, counts.shard);
    if (row !== noRow) for (const name of columns) this.add(row, column[name], counts[name]);
  }

  /** The rows of a stream's shards, by shard index. */
  rowsOf(stream: string): ReadonlyMap<number, number> {
    return this.#rows.get(stream) ?? none;
  }

  /** Gives back those of `from..end` whose shards are gone. */
  sweep(from: number, end: number): void {
    const isThere = this.#isThere();
    for (let row = from; row < Math.min(end, this.end); row++) {
      const stream = this.#streams[row];
      const shard = this.#shards[row]!;
      if (stream === undefined) continue;
      const there = isThere(stream, shard);
      if (there === 'shard' || (there === 'stream' && shard === expiredShards)) continue;
      this.#giveBack(row, stream, shard);
      if (there === 'stream') this.#keepExpired(row, stream);
    }
  }

  #countsOf(row: number): Counts {
    const counts = this.#counts;
    const at = row * width;
    return {
      recordsIn: counts[at]!,
      bytesIn: counts[at + 1]!,
      putUnits: counts[at + 2]!,
      kilobytesIn: counts[at + 3]!,
      recordsThrottled: counts[at + 4]!,
      recordsOut: counts[at + 5]!,
      bytesOut: counts[at + 6]!,
      fanOutRecords: counts[at + 7]!,
      fanOutBytes: counts[at + 8]!,
      readsThrottled: counts[at + 9]!,
    };
  }

  #giveBack(row: number, stream: string, shard: number): void {
    const shards = this.#rows.get(stream)!;
    shards.delete(shard);
    if (shards.size === 0) this.#rows.delete(stream);
    this.#latestRows = undefined;
    this.#streams[row] = undefined;
    this.#free.push(row);
    this.#freed(row);
  }

  /** What a row has counted is that of the expired shards; where there are none yet, it is their row. */
  #keepExpired(row: number, stream: string): void {
    const kept = this.#rows.get(stream)?.get(expiredShards);
    if (kept === undefined) {
      this.#free.pop();
      this.#take(row, stream, expiredShards);
      return;
    }
    for (let at = 0; at < width; at++) this.add(kept, at, this.#counts[row * width + at]!);
  }

  #open(stream: string, shard: number): number {
    if (this.#free.length === 0 && this.end === this.#shards.length && !this.#makeRoom()) return noRow;
    const row = this.#free.pop() ?? this.end;
    this.#counts.fill(0, row * width, (row + 1) * width);
    this.#take(row, stream, shard);
    return row;
  }

  /** Looks for rows to use again, and otherwise for more; with as many as there may be, not every time. */
  #makeRoom(): boolean {
    if (this.#refused++ % refusedPerSweep !== 0) return false;
    this.sweep(0, this.end);
    const hasRoom = this.#free.length > 0 || this.#grow();
    if (hasRoom) this.#refused = 0;
    return hasRoom;
  }

  #take(row: number, stream: string, shard: number): void {
    this.#streams[row] = stream;
    this.#shards[row] = shard;
    const shards = this.#rows.get(stream);
    if (shards === undefined) this.#rows.set(stream, new Map([[shard, row]]));
    else shards.set(shard, row);
  }

  /** Makes room for twice as many; false when there is as much as there may be. */
  #grow(): boolean {
    const rows = Math.min(this.#shards.length * 2, rowsMax);
    if (rows === this.#shards.length) return false;
    const counts = new Float64Array(rows * width);
    counts.set(this.#counts);
    const shards = new Int32Array(rows);
    shards.set(this.#shards);
    this.#counts = counts;
    this.#shards = shards;
    return true;
  }
}

const width = columns.length;

const none: ReadonlyMap<number, number> = new Map();

const rowsFirst = 64;

/** As many as the throttle has buckets for; 84 bytes each, and its place in the maps. */
const rowsMax = 100_000;

const refusedPerSweep = 10_000;
