import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import { findShard, type Stream } from '../../kinesis/stream.ts';
import type { RoutedPut } from '../routed-put.ts';
import { kilobytesOf, putUnitsOf } from './billed.ts';
import { column, type IsThere, noRow, ShardRows } from './shard-rows.ts';

export type MeterWorld = {
  readonly catalog: Pick<Catalog, 'state'>;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
};

/**
 * Counts what a thread does: what was put and read, by whom, and the calls of operations. It is told
 * afterwards, takes no lock, and allocates nothing for a record.
 */
export class Meter {
  readonly since: Millis;
  readonly #rows: ShardRows;
  /** Of the put that is counted just now, the row of each part. */
  #rowOf = new Int32Array(partsFirst);

  constructor({ catalog, clock }: MeterWorld) {
    this.since = clock.now();
    this.#rows = new ShardRows(
      () => thereIn(catalog),
      () => {},
    );
  }

  /** A put has settled, and its outcome is what is answered. */
  didPut(stream: Stream, { records, parts, partOf }: RoutedPut): void {
    const rowOf = this.#rowsOf(stream, parts);
    const rows = this.#rows;
    for (let index = 0; index < partOf.length; index++) {
      const row = rowOf[partOf[index]!]!;
      if (row === noRow) continue;
      const bytes = records.sizeOf(index);
      rows.add(row, column.recordsIn, 1);
      rows.add(row, column.bytesIn, bytes);
      rows.add(row, column.putUnits, putUnitsOf(bytes));
      rows.add(row, column.kilobytesIn, kilobytesOf(bytes));
    }
  }

  /** The rows in which records of parts are counted one by one: those that were stored. */
  #rowsOf({ id }: Stream, parts: RoutedPut['parts']): Int32Array {
    if (parts.length > this.#rowOf.length) this.#rowOf = new Int32Array(parts.length * 2);
    const rowOf = this.#rowOf;
    for (let part = 0; part < parts.length; part++) {
      const { shard, count, outcome } = parts[part]!;
      rowOf[part] = noRow;
      if (count === 0) continue;
      const row = this.#rows.of(id, shard.index);
      if (outcome.kind === 'stored') rowOf[part] = row;
      else if (outcome.kind === 'throttled') this.#rows.add(row, column.recordsThrottled, count);
    }
    return rowOf;
  }
}

const partsFirst = 64;

/** Which streams and shards there are now. */
function thereIn({ state }: Pick<Catalog, 'state'>): IsThere {
  const streams = new Map([...state.streams.values()].map((stream) => [stream.id, stream]));
  return (id, shard) => {
    const stream = streams.get(id);
    if (stream === undefined) return false;
    return findShard(stream, shard) === undefined ? 'stream' : 'shard';
  };
}
