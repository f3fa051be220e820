import { bufferOf } from '../../env/buffer-of.ts';
import type { ColumnFacts, DataFile } from '../iceberg-table.ts';
import { avroForm, readAvroFile, writeAvroFile } from './avro-file.ts';
import {
  type AvroField,
  avroRecord,
  avroTypeOf,
  listOf,
  mapOfInts,
  optional,
  required,
} from './avro-schema.ts';
import type { ListedManifest } from './manifest-list.ts';
import type { SpecField, SpecJson } from './partition-spec.ts';
import type { SchemaJson } from './schema-json.ts';
import { avroValueOf } from './single-value.ts';

/** What a manifest says of itself. */
export type ManifestForm = {
  readonly schema: SchemaJson;
  readonly spec: SpecJson;
  /** The spec's field; undefined for a table without partitions. */
  readonly field: SpecField | undefined;
  /** 16 bytes. */
  readonly sync: Buffer;
};

/**
 * A manifest of data files that a snapshot adds (Iceberg table specification, "Manifests"). It does not say
 * the snapshot's sequence number, which its readers take from the manifest list: so it is right for whatever
 * attempt to commit it succeeds.
 */
export function writeManifest(files: readonly DataFile[], snapshotId: bigint, form: ManifestForm): Buffer {
  const { field } = form;
  const records = files.map((file) => ({
    status: statusAdded,
    snapshot_id: snapshotId,
    sequence_number: null,
    file_sequence_number: null,
    data_file: dataFileOf(file, field),
  }));
  return writeAvroFile({
    form: avroForm(manifestSchemaOf(field)),
    metadata: manifestMetadata(form),
    records,
    sync: form.sync,
  });
}

const statusAdded = 1;
const statusExisting = 0;

export type ReadManifest = { readonly manifest: ListedManifest; readonly bytes: Buffer };

/**
 * One manifest of several, of which `merged` are in it: those of the very form that is written here, and of
 * added or existing files alone. Its entries say what they had from the manifest list, as they are no longer
 * of the snapshot that it is new in.
 */
export function mergeManifests(
  read: readonly ReadManifest[],
  form: ManifestForm,
): { readonly bytes: Buffer; readonly merged: readonly ListedManifest[] } {
  const avro = avroForm(manifestSchemaOf(form.field));
  const merged: ListedManifest[] = [];
  const records: Entry[] = [];
  for (const { manifest, bytes } of read) {
    const file = readAvroFile(bytes, manifest.manifest_path, avro);
    if (!file.isExpected || manifest.deleted_files_count > 0) continue;
    merged.push(manifest);
    for (const record of file.records) records.push(existing(record as Entry, manifest));
  }
  const metadata = manifestMetadata(form);
  return { bytes: writeAvroFile({ form: avro, metadata, records, sync: form.sync }), merged };
}

/** What a record of the form has. */
type Entry = {
  readonly status: number;
  readonly snapshot_id: bigint | null;
  readonly sequence_number: bigint | null;
  readonly file_sequence_number: bigint | null;
  readonly data_file: object;
};

function existing(entry: Entry, manifest: ListedManifest): Entry {
  return {
    status: statusExisting,
    snapshot_id: entry.snapshot_id ?? manifest.added_snapshot_id,
    sequence_number: entry.sequence_number ?? manifest.sequence_number,
    file_sequence_number: entry.file_sequence_number ?? manifest.sequence_number,
    data_file: entry.data_file,
  };
}

function manifestMetadata({ schema, spec }: ManifestForm): Record<string, string> {
  return {
    schema: JSON.stringify(schema),
    'schema-id': String(schema['schema-id'] ?? 0),
    'partition-spec': JSON.stringify(spec.fields),
    'partition-spec-id': String(spec['spec-id']),
    'format-version': '2',
    content: 'data',
  };
}

function dataFileOf(file: DataFile, field: SpecField | undefined): object {
  const columns = [...(file.columns ?? [])];
  return {
    content: contentData,
    file_path: file.path,
    file_format: 'PARQUET',
    partition:
      field === undefined ? {} : { [avroNameOf(field.name)]: avroValueOf(file.partition, field.type) },
    record_count: BigInt(file.records),
    file_size_in_bytes: BigInt(file.bytes),
    column_sizes: pairsOf(columns, ({ bytes }) => BigInt(bytes)),
    value_counts: pairsOf(columns, ({ values }) => BigInt(values)),
    null_value_counts: pairsOf(columns, ({ nulls }) => BigInt(nulls)),
    nan_value_counts: null,
    lower_bounds: pairsOf(columns, ({ lower }) => lower && bufferOf(lower)),
    upper_bounds: pairsOf(columns, ({ upper }) => upper && bufferOf(upper)),
    key_metadata: null,
    split_offsets: file.splitOffsets?.map(BigInt) ?? null,
    equality_ids: null,
    sort_order_id: 0,
  };
}

const contentData = 0;

/** By column, where there is a value; null where there is none at all. */
function pairsOf<Value>(
  columns: readonly (readonly [id: number, facts: ColumnFacts])[],
  of: (facts: ColumnFacts) => Value | undefined,
): readonly { key: number; value: Value }[] | null {
  const pairs = columns.flatMap(([key, facts]) => {
    const value = of(facts);
    return value === undefined ? [] : [{ key, value }];
  });
  return pairs.length === 0 ? null : pairs;
}

/** Names, ids and types of the specification's tables of version 2. */
function manifestSchemaOf(field: SpecField | undefined): object {
  return avroRecord('manifest_entry', [
    required(0, 'status', 'int'),
    optional(1, 'snapshot_id', 'long'),
    optional(3, 'sequence_number', 'long'),
    optional(4, 'file_sequence_number', 'long'),
    required(2, 'data_file', avroRecord('r2', dataFileFields(field))),
  ]);
}

function dataFileFields(field: SpecField | undefined): readonly AvroField[] {
  const partition =
    field === undefined ? [] : [optional(field.id, avroNameOf(field.name), avroTypeOf(field.type))];
  return [
    required(134, 'content', 'int'),
    required(100, 'file_path', 'string'),
    required(101, 'file_format', 'string'),
    required(102, 'partition', avroRecord('r102', partition)),
    required(103, 'record_count', 'long'),
    required(104, 'file_size_in_bytes', 'long'),
    optional(108, 'column_sizes', mapOfInts(117, 118, 'long')),
    optional(109, 'value_counts', mapOfInts(119, 120, 'long')),
    optional(110, 'null_value_counts', mapOfInts(121, 122, 'long')),
    optional(137, 'nan_value_counts', mapOfInts(138, 139, 'long')),
    optional(125, 'lower_bounds', mapOfInts(126, 127, 'bytes')),
    optional(128, 'upper_bounds', mapOfInts(129, 130, 'bytes')),
    optional(131, 'key_metadata', 'bytes'),
    optional(132, 'split_offsets', listOf(133, 'long')),
    optional(135, 'equality_ids', listOf(136, 'int')),
    optional(140, 'sort_order_id', 'int'),
  ];
}

/**
 * A name that Avro takes: its names are letters, digits and underscores, so what else a column's name has is
 * written as Iceberg's Java writes it, a digit at the start after an underscore, another character as `_x`
 * and its code in hex.
 */
function avroNameOf(name: string): string {
  return [...name]
    .map((character, index) => {
      if (/[A-Za-z_]/.test(character)) return character;
      if (/[0-9]/.test(character)) return index === 0 ? `_${character}` : character;
      return `_x${character.codePointAt(0)!.toString(16).toUpperCase()}`;
    })
    .join('');
}
