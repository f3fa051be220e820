import type { TableSchema } from './table-schema.ts';

/** A catalog of Iceberg tables: a REST catalog, or a bucket that is one itself. */
export interface IcebergCatalog {
  /** Undefined where there is none. */
  load(name: TableName, signal?: AbortSignal): Promise<IcebergTable | undefined>;
  /** Rejects with `IcebergError` of code `AlreadyExists` where there is one. */
  create(name: TableName, request: NewTable, signal?: AbortSignal): Promise<IcebergTable>;
}

export type TableName = { readonly namespace: string; readonly table: string };

export type NewTable = {
  readonly schema: TableSchema;
  readonly partition?: TablePartition | undefined;
  /** Where it lies; the catalog says it unless given: `s3://bucket/prefix`. */
  readonly location?: string | undefined;
  readonly properties?: Readonly<Record<string, string>>;
};

export type TablePartition = {
  readonly column: string;
  readonly transform: 'hour' | 'day' | 'month' | 'year' | 'identity';
};

/** A table as it was when it was loaded. */
export interface IcebergTable {
  readonly schema: TableSchema;
  readonly partition: TablePartition | undefined;
  /** Of the table's partition specs the one that `partition` is. */
  readonly specId: number;
  readonly location: string;
  /**
   * How far a writer has come by the table itself: what `append` of any process said last. Found in the
   * table's properties, and in the summaries of its snapshots.
   */
  marksOf(writer: string): string | undefined;
  /**
   * Appends data files in one snapshot, with the writer's marks in its summary and in the table's properties,
   * in the same commit. Manifests are written once, outside the loop that tries again after a conflict; what
   * is not known to have been committed is looked up. Where the table says that the writer has come to these
   * marks already, nothing is committed. Resolves to the table as it is then.
   */
  append(files: readonly DataFile[], writer: WriterMarks, signal?: AbortSignal): Promise<IcebergTable>;
}

/** `before` is what the table must say of the writer, else `append` rejects with code `OtherWriter`. */
export type WriterMarks = {
  readonly writer: string;
  readonly before: string | undefined;
  readonly marks: string;
};

export type DataFile = {
  /** `s3://bucket/key` */
  readonly path: string;
  readonly bytes: number;
  readonly records: number;
  /**
   * The value of the table's partition column after its transform; undefined for a table without partitions.
   */
  readonly partition?: string | number | null | undefined;
  /** The spec that the value was made by: others may give the table another one. Its own unless it says. */
  readonly specId?: number | undefined;
  /** By field id, where they are known. */
  readonly columns?: ReadonlyMap<number, ColumnFacts> | undefined;
  readonly splitOffsets?: readonly number[] | undefined;
};

export type ColumnFacts = {
  readonly bytes: number;
  readonly values: number;
  readonly nulls: number;
  /** As Iceberg encodes single values; what another thread has made are plain bytes. */
  readonly lower?: Uint8Array | undefined;
  readonly upper?: Uint8Array | undefined;
};

export class IcebergError extends Error {
  override readonly name = 'IcebergError';
  readonly code: string;
  readonly passes: boolean;

  constructor(message: string, code: string, passes: boolean) {
    super(message);
    this.code = code;
    this.passes = passes;
  }
}
