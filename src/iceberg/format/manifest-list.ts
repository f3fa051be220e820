import { IcebergError } from '../iceberg-table.ts';
import { avroForm, readAvroFile, writeAvroFile } from './avro-file.ts';
import {
  type AvroField,
  avroRecord,
  byFieldId,
  fieldTypeIn,
  isObject,
  listOf,
  optional,
  recordSchemaIn,
  required,
} from './avro-schema.ts';

/** A manifest as a snapshot's list names it (Iceberg table specification, "Manifest Lists"). */
export type ListedManifest = {
  readonly manifest_path: string;
  readonly manifest_length: bigint;
  readonly partition_spec_id: number;
  /** 0 for data, 1 for deletes. */
  readonly content: number;
  readonly sequence_number: bigint;
  readonly min_sequence_number: bigint;
  readonly added_snapshot_id: bigint;
  readonly added_files_count: number;
  readonly existing_files_count: number;
  readonly deleted_files_count: number;
  readonly added_rows_count: bigint;
  readonly existing_rows_count: bigint;
  readonly deleted_rows_count: bigint;
  readonly partitions: readonly FieldSummary[] | null;
  readonly key_metadata: Buffer | null;
};

export type FieldSummary = {
  readonly contains_null: boolean;
  readonly contains_nan: boolean | null;
  readonly lower_bound: Buffer | null;
  readonly upper_bound: Buffer | null;
};

export type ListOfManifests = {
  readonly snapshotId: bigint;
  readonly parentId: bigint | undefined;
  readonly sequenceNumber: bigint;
  readonly manifests: readonly ListedManifest[];
  /** 16 bytes. */
  readonly sync: Buffer;
};

export function writeManifestList(list: ListOfManifests): Buffer {
  return writeAvroFile({
    form: listForm,
    metadata: {
      'snapshot-id': String(list.snapshotId),
      'parent-snapshot-id': list.parentId === undefined ? 'null' : String(list.parentId),
      'sequence-number': String(list.sequenceNumber),
      'format-version': '2',
    },
    records: list.manifests,
    sync: list.sync,
  });
}

/**
 * The manifests of a list, by whatever writer: fields are known by their ids, as names have changed over the
 * versions. Throws `IcebergError` of code `BadFile`.
 */
export function readManifestList(bytes: Buffer, path: string): readonly ListedManifest[] {
  const { schema, records } = readAvroFile(bytes, path, listForm);
  const summarySchema = recordSchemaIn(fieldTypeIn(schema, ids.partitions));
  return records.map((record) => {
    const values = byFieldId(record, schema, listFields);
    const manifestPath = values.get(ids.path);
    if (typeof manifestPath !== 'string')
      throw new IcebergError(`${path} names no manifest`, 'BadFile', false);
    return {
      manifest_path: manifestPath,
      manifest_length: longIn(values, 501, path),
      partition_spec_id: intIn(values, 502, path),
      content: intIn(values, 517, path, 0),
      sequence_number: longIn(values, 515, path, 0n),
      min_sequence_number: longIn(values, 516, path, 0n),
      added_snapshot_id: longIn(values, 503, path),
      added_files_count: intIn(values, 504, path, 0),
      existing_files_count: intIn(values, 505, path, 0),
      deleted_files_count: intIn(values, 506, path, 0),
      added_rows_count: longIn(values, 512, path, 0n),
      existing_rows_count: longIn(values, 513, path, 0n),
      deleted_rows_count: longIn(values, 514, path, 0n),
      partitions: summariesOf(values.get(ids.partitions), summarySchema),
      key_metadata: bufferOf(values.get(519)),
    };
  });
}

type Values = ReadonlyMap<number, unknown>;

function intIn(values: Values, id: number, path: string, otherwise?: number): number {
  const value = values.get(id) ?? otherwise;
  if (typeof value !== 'number') throw new IcebergError(`${path} lacks field ${id}`, 'BadFile', false);
  return value;
}

function longIn(values: Values, id: number, path: string, otherwise?: bigint): bigint {
  const value = values.get(id) ?? otherwise;
  if (typeof value === 'bigint') return value;
  // A writer may have an int where a long will do.
  if (typeof value === 'number') return BigInt(value);
  throw new IcebergError(`${path} lacks field ${id}`, 'BadFile', false);
}

function summariesOf(value: unknown, schema: unknown): readonly FieldSummary[] | null {
  if (!Array.isArray(value)) return null;
  return value.filter(isObject).map((summary) => {
    const values = byFieldId(summary, schema, summaryFields);
    return {
      contains_null: values.get(509) === true,
      contains_nan: typeof values.get(518) === 'boolean' ? values.get(518) === true : null,
      lower_bound: bufferOf(values.get(510)),
      upper_bound: bufferOf(values.get(511)),
    };
  });
}

function bufferOf(value: unknown): Buffer | null {
  return Buffer.isBuffer(value) ? value : null;
}

const ids = { path: 500, partitions: 507 };

const summaryFields: readonly AvroField[] = [
  required(509, 'contains_null', 'boolean'),
  optional(518, 'contains_nan', 'boolean'),
  optional(510, 'lower_bound', 'bytes'),
  optional(511, 'upper_bound', 'bytes'),
];

const listFields: readonly AvroField[] = [
  required(ids.path, 'manifest_path', 'string'),
  required(501, 'manifest_length', 'long'),
  required(502, 'partition_spec_id', 'int'),
  required(517, 'content', 'int'),
  required(515, 'sequence_number', 'long'),
  required(516, 'min_sequence_number', 'long'),
  required(503, 'added_snapshot_id', 'long'),
  required(504, 'added_files_count', 'int'),
  required(505, 'existing_files_count', 'int'),
  required(506, 'deleted_files_count', 'int'),
  required(512, 'added_rows_count', 'long'),
  required(513, 'existing_rows_count', 'long'),
  required(514, 'deleted_rows_count', 'long'),
  optional(ids.partitions, 'partitions', listOf(508, avroRecord('r508', summaryFields))),
  optional(519, 'key_metadata', 'bytes'),
];

const listForm = avroForm(avroRecord('manifest_file', listFields));
