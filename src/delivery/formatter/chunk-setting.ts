import type { Millis } from '../../env/clock.ts';
import type { DataFile, TablePartition } from '../../iceberg/iceberg-table.ts';
import type { TableSchema } from '../../iceberg/table-schema.ts';
import type { DeliverySpec, ObjectTarget } from '../delivery-spec.ts';
import type { PlannedObject } from '../state/delivery-state.ts';
import type { TransformCall } from '../transform/lambda-transform.ts';

/** What a chunk is formatted by; plain data, as it goes to another thread. */
export type ChunkSetting = {
  readonly spec: DeliverySpec;
  /** Of an Iceberg destination those that are there, or are not written to. */
  readonly tables: readonly (ChunkTable | RefusedTable)[];
  /** What the store says of keys. */
  readonly partBytesMax?: number | undefined;
};

/** A table that could not be had for as long as it is tried: its records go to the errors. */
export type RefusedTable = { readonly name: string; readonly refusal: TableRefusal };

export type TableRefusal = { readonly code: string; readonly message: string };

/** A table as it was when the chunk was opened. */
export type ChunkTable = {
  /** `namespace.table` */
  readonly name: string;
  readonly schema: TableSchema;
  readonly partition: TablePartition | undefined;
  /** The spec that the partition is of. */
  readonly specId: number;
  /** `s3://bucket/prefix` */
  readonly location: string;
};

/** How full a chunk is. */
export type ChunkFill = {
  /** Of the object that has most, in bytes of records before they were compressed. */
  readonly largestBytes: number;
  /** Bytes of memory, of all of it. */
  readonly heldBytes: number;
};

/** The objects of a chunk, as they are to be put, in an order that follows from what they hold. */
export type FormattedChunk = {
  readonly objects: readonly FormattedObject[];
  /** For an HTTP endpoint, which gets them in this order. */
  readonly requests: readonly FormattedRequest[];
  readonly counts: ChunkCounts;
};

export type FormattedObject = {
  readonly kind: 'data' | 'backup' | 'errors';
  readonly place: PlannedObject & { readonly owner?: string | undefined };
  readonly bytes: readonly Uint8Array[];
  readonly contentType: string;
  readonly contentEncoding?: string | undefined;
  readonly target: Pick<ObjectTarget, 'storageClass' | 'kmsKeyArn'>;
  readonly records: number;
  readonly rawBytes: number;
  /** Of a file of a table: which one, and what the table is told of it. */
  readonly file?: { readonly table: string; readonly data: DataFile } | undefined;
};

/** Records that one request has, as `HttpRecords` makes them. */
export type FormattedRequest = {
  readonly bytes: readonly Uint8Array[];
  readonly arrivals: Float64Array;
  readonly oldest: Millis;
  readonly records: number;
  readonly rawBytes: number;
};

/** What became of a chunk's records. */
export type ChunkCounts = {
  /** That were read, and what they had. */
  readonly records: number;
  readonly bytes: number;
  readonly refused: number;
  /** Of those refused what could not be converted, and whether there were too many partitions. */
  readonly unconverted: { readonly records: number; readonly bytes: number };
  readonly isOverPartitioned: boolean;
  /** A function wanted them dropped. */
  readonly dropped: number;
  /** When the first of them arrived. */
  readonly oldest: Millis;
  /** Of a function. */
  readonly calls: readonly TransformCall[];
};
