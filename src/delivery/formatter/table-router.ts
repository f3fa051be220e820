import type { Millis } from '../../env/clock.ts';
import { partitionFolderOf } from '../../iceberg/partition-value.ts';
import type { JsonReading } from '../delivery-spec.ts';
import type { DeliveredRecord, RefusedRecord } from '../record/delivered-record.ts';
import type { ChunkTable, RefusedTable, TableRefusal } from './chunk-setting.ts';
import { type RowPartition, RowPartitions } from './row-partition.ts';

/** Records for one file of a table. */
export type TableGroup = {
  /** Unique among the files of a chunk. */
  readonly id: string;
  readonly table: ChunkTable;
  /** That the file is in. */
  readonly folder: string;
  readonly partition: RowPartition | undefined;
  readonly records: DeliveredRecord[];
};

/** Which table, and which partition of it, each record is for. */
export class TableRouter {
  readonly #files = new Set<string>();
  readonly #tables: ReadonlyMap<string, Route | TableRefusal>;

  constructor(tables: readonly (ChunkTable | RefusedTable)[], reading: JsonReading) {
    this.#tables = new Map(tables.map((table) => [table.name, routeTo(table, reading)]));
  }

  /** Whether its chunk has as many files as one should have. */
  get isFull(): boolean {
    return this.#files.size >= filesMax;
  }

  /**
   * Refused are those of a table that is not there, what is no insert, and what would be of more files than a
   * chunk can have.
   */
  route(
    records: readonly DeliveredRecord[],
    now: Millis,
  ): { readonly groups: readonly TableGroup[]; readonly refused: readonly RefusedRecord[] } {
    const groups = new Map<string, TableGroup>();
    const refused: RefusedRecord[] = [];
    for (const record of records) {
      const refuse = (why: typeof noInsert, one: DeliveredRecord) =>
        refused.push({ record: one, kind: 'iceberg-failed', ...why, attempts: 1, attemptEndedAt: now });
      const route = this.#routeOf(record);
      if ('code' in route) {
        refuse(route, record);
        continue;
      }
      const { table, rows } = route;
      const parts =
        rows === undefined ? [{ data: record.data, partition: undefined }] : rows.split(record.data);
      for (const { data, partition } of parts) {
        const row = data === record.data ? record : { ...record, data };
        const id = `${table.name}/${partition === undefined ? '' : JSON.stringify(partition)}`;
        if (this.#hasRoomFor(id)) addTo(groups, { id, table, partition, record: row });
        else refuse(tooManyFiles, row);
      }
    }
    return { groups: [...groups.values()], refused };
  }

  #hasRoomFor(id: string): boolean {
    if (this.#files.has(id)) return true;
    if (this.#files.size >= filesMaxAtAll) return false;
    this.#files.add(id);
    return true;
  }

  #routeOf({ table, queryKeys }: DeliveredRecord) {
    const namespace = table?.namespace ?? queryKeys?.['destinationDatabaseName'];
    const name = table?.table ?? queryKeys?.['destinationTableName'];
    const operation = table?.operation ?? queryKeys?.['operation'] ?? 'insert';
    const [only] = this.#tables.size === 1 ? this.#tables.values() : [];
    const found = name === undefined ? only : this.#tables.get(`${namespace}.${name}`);
    if (found === undefined) return noSuchTable;
    if ('code' in found) return found;
    return operation.toLowerCase() === 'insert' ? found : noInsert;
  }
}

type Route = { readonly table: ChunkTable; readonly rows: RowPartitions | undefined };

function routeTo(table: ChunkTable | RefusedTable, reading: JsonReading): Route | TableRefusal {
  if ('refusal' in table) return table.refusal;
  const { partition, schema } = table;
  return { table, rows: partition && new RowPartitions(partition, schema, reading) };
}

function addTo(
  groups: Map<string, TableGroup>,
  {
    id,
    table,
    partition,
    record,
  }: Pick<TableGroup, 'id' | 'table' | 'partition'> & { readonly record: DeliveredRecord },
): void {
  const group = groups.get(id);
  if (group !== undefined) {
    group.records.push(record);
    return;
  }
  const folder = partition === undefined ? '' : `${partitionFolderOf(table.partition!, partition)}/`;
  groups.set(id, { id, table, folder, partition, records: [record] });
}

/** A chunk that has so many is enough: as many partitions as may be active at once elsewhere. */
const filesMax = 500;

/** Each takes memory until it is put, and a place in the plan; what was read together may have more. */
const filesMaxAtAll = 1_000;

/** Codes of Firehose (Data Firehose developer guide, "Iceberg error codes"). */
const noSuchTable = {
  code: 'Iceberg.NoSuchTable',
  message: 'The input table name does not match any table of the destination.',
};
const noInsert = {
  code: 'Iceberg.UnsupportedOperation',
  message: 'Records are appended: no operation but insert is supported.',
};
const tooManyFiles = {
  code: 'DynamicPartitioning.ActivePartitionsLimitExceeded',
  message: 'The number of active partitions has exceeded the configured limit',
};
