import type { TableSchema } from '../../../iceberg/table-schema.ts';

/** Tables of the Glue Data Catalog, or of who stands in for it. */
export interface GivenTables {
  /**
   * The columns of a table, partition keys left out: those are in names of objects. Rejects with
   * `TableError` when there is no such table, its columns cannot be read, or nobody answers.
   */
  schemaOf(named: NamedTable): Promise<TableSchema>;
}

/** As `SchemaConfiguration` names it, with its defaults. */
export type NamedTable = {
  readonly catalogId: string;
  readonly region: string;
  readonly database: string;
  readonly table: string;
  /** `LATEST`, or a number. */
  readonly version: string;
};

/** `message` is for the caller: a sentence. */
export class TableError extends Error {
  override readonly name = 'TableError';
}
