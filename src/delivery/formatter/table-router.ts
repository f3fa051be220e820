import type { Millis } from '../../env/clock.ts';
import { partitionFolderOf } from '../../iceberg/partition-value.ts';
import type { JsonReading } from '../delivery-spec.ts';
import type { DeliveredRecord, RefusedRecord } from '../record/delivered-record.ts';
import type { ChunkTable, RefusedTable, TableRefusal } from './chunk-setting.ts';
import { type RowPartition, RowPartitions } from './row-partition.ts';

/** Records for one file of a table. */
export type TableGroup = {
  /** Unique among the files of a chunk, and the folder that the file is in. */
  readonly id: string;
  readonly table: ChunkTable;
  readonly folder: string;
  readonly partition: RowPartition | undefined;
  readonly records: DeliveredRecord[];
};

/** Which table, and which partition of it, each record is for. */
export class TableRouter {
  readonly #tables: ReadonlyMap<string, Route | TableRefusal>;

  constructor(tables: readonly (ChunkTable | RefusedTable)[], reading: JsonReading) {
    this.#tables = new Map(tables.map((table) => [table.name, routeTo(table, reading)]));
  }

  /** Refused are those of a table that is not there, and what is no insert. */
  route(
    records: readonly DeliveredRecord[],
    now: Millis,
  ): { readonly groups: readonly TableGroup[]; readonly refused: readonly RefusedRecord[] } {
    const groups = new Map<string, TableGroup>();
    const refused: RefusedRecord[] = [];
    for (const record of records) {
      const route = this.#routeOf(record);
      if ('code' in route) {
        refused.push({ record, kind: 'iceberg-failed', ...route, attempts: 1, attemptEndedAt: now });
        continue;
      }
      const { table, rows } = route;
      if (rows === undefined) addTo(groups, { table, partition: undefined, record });
      else
        for (const { data, partition } of rows.split(record.data))
          addTo(groups, { table, partition, record: data === record.data ? record : { ...record, data } });
    }
    return { groups: [...groups.values()], refused };
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
    table,
    partition,
    record,
  }: Pick<TableGroup, 'table' | 'partition'> & { readonly record: DeliveredRecord },
): void {
  const folder = partition === undefined ? '' : `${partitionFolderOf(table.partition!, partition)}/`;
  const id = `${table.name}/${folder}`;
  const group = groups.get(id);
  if (group === undefined) groups.set(id, { id, table, folder, partition, records: [record] });
  else group.records.push(record);
}

/** Codes of Firehose (Data Firehose developer guide, "Iceberg error codes"). */
const noSuchTable = {
  code: 'Iceberg.NoSuchTable',
  message: 'The input table name does not match any table of the destination.',
};
const noInsert = {
  code: 'Iceberg.UnsupportedOperation',
  message: 'Records are appended: no operation but insert is supported.',
};
