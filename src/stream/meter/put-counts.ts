import type { Millis } from '../../env/clock.ts';
import type { Stream } from '../../kinesis/stream.ts';
import type { RoutedPut, ShardWrite } from '../routed-put.ts';
import { kilobytesOf, putUnitsOf } from './billed.ts';
import type { Sampler } from './sampler.ts';
import { column, noRow, type ShardRows } from './shard-rows.ts';

/** What of a put was acknowledged, and when. */
export type PutSum = { records: number; bytes: number; at: Millis };

/** Counts puts that have settled, in the rows of their shards. */
export class PutCounts {
  readonly #rows: ShardRows;
  readonly #sampler: Sampler;
  /** Of the put that is counted just now, the row of each part that was stored. */
  #rowOf = new Int32Array(partsFirst);
  /** The same object each time. */
  readonly #sum: PutSum = { records: 0, bytes: 0, at: 0 };

  constructor(rows: ShardRows, sampler: Sampler) {
    this.#rows = rows;
    this.#sampler = sampler;
  }

  /**
   * Each record counts where it ended, and once, however often it was routed. The answer is good until the
   * next.
   */
  add(stream: Stream, { records, parts, partOf }: RoutedPut): Readonly<PutSum> {
    const rows = this.#rows;
    const sum = this.#sum;
    const { hashKeys } = records;
    this.#begin(stream, parts);
    this.#sampler.at(sum.at);
    const rowOf = this.#rowOf;
    for (let index = 0; index < partOf.length; index++) {
      const part = partOf[index]!;
      const row = rowOf[part]!;
      if (row === noRow) continue;
      const bytes = records.sizeOf(index);
      sum.bytes += bytes;
      rows.add(row, column.bytesIn, bytes);
      rows.add(row, column.putUnits, putUnitsOf(bytes));
      rows.add(row, column.kilobytesIn, kilobytesOf(bytes));
      if (hashKeys === undefined) continue;
      const weight = this.#sampler.next();
      if (weight > 0)
        this.#sampler.of(row, parts[part]!.shard, sum.at)?.add(records, index, hashKeys, weight);
    }
    return sum;
  }

  /** Counts what is known of whole parts. */
  #begin(stream: Stream, parts: readonly ShardWrite[]): void {
    if (parts.length > this.#rowOf.length) this.#rowOf = new Int32Array(parts.length * 2);
    const rows = this.#rows;
    const sum = this.#sum;
    sum.records = 0;
    sum.bytes = 0;
    for (let part = 0; part < parts.length; part++) {
      const { shard, count, outcome } = parts[part]!;
      this.#rowOf[part] = noRow;
      if (count === 0) continue;
      const { kind } = outcome;
      const row = kind === 'stored' || kind === 'throttled' ? rows.of(stream.id, shard.index) : noRow;
      if (row === noRow) continue;
      if (kind !== 'stored') {
        rows.add(row, column.recordsThrottled, count);
        continue;
      }
      this.#rowOf[part] = row;
      sum.records += count;
      sum.at = outcome.arrival;
      rows.add(row, column.recordsIn, count);
    }
  }
}

const partsFirst = 64;
