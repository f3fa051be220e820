import { IcebergError, type TablePartition } from '../iceberg-table.ts';
import { partitionFieldName } from '../partition-value.ts';
import type { TableSchema, TableType } from '../table-schema.ts';

/** A partition spec in a table's metadata (Iceberg table specification, appendix C, "Partition Specs"). */
export type SpecJson = { readonly 'spec-id': number; readonly fields: readonly SpecFieldJson[] };

export type SpecFieldJson = {
  readonly name: string;
  readonly transform: string;
  readonly 'source-id': number;
  readonly 'field-id': number;
};

/** Partition fields count from here (Iceberg table specification, "Partitioning"). */
export const partitionFieldIdMin = 1000;

/**
 * Throws `IcebergError` of code `BadPartition` where the column is not there, or does not have the transform.
 */
export function specJsonOf(partition: TablePartition | undefined, schema: TableSchema): SpecJson {
  if (partition === undefined) return { 'spec-id': 0, fields: [] };
  const source = schema.fields.find(({ name }) => name === partition.column);
  if (source === undefined) throw bad(`there is no column ${partition.column} to partition by`);
  if (partitionTypeOf(partition.transform, source.type) === undefined) {
    throw bad(
      `column ${partition.column} of type ${source.type.kind} is not partitioned by ${partition.transform}`,
    );
  }
  const field: SpecFieldJson = {
    name: partitionFieldName(partition),
    transform: partition.transform,
    'source-id': source.id,
    'field-id': partitionFieldIdMin,
  };
  return { 'spec-id': 0, fields: [field] };
}

function bad(message: string): IcebergError {
  return new IcebergError(message, 'BadPartition', false);
}

/** A spec's only field, with what its values are. */
export type SpecField = {
  readonly id: number;
  readonly name: string;
  readonly partition: TablePartition;
  readonly type: PartitionType;
};

/**
 * What of a spec a file's partition is said by; undefined where it has none. Throws `IcebergError` of code
 * `NotWritable` for a spec that `TablePartition` does not say.
 */
export function specFieldOf(spec: SpecJson, schema: TableSchema): SpecField | undefined {
  const [field, ...others] = spec.fields;
  if (field === undefined) return undefined;
  if (others.length > 0) throw notWritable('has several partition fields');
  const { transform } = field;
  if (!isTransform(transform)) throw notWritable(`is partitioned by ${transform}`);
  const source = schema.fields.find(({ id }) => id === field['source-id']);
  if (source === undefined) throw notWritable('is partitioned by a nested column, or one that is gone');
  const type = partitionTypeOf(transform, source.type);
  if (type === undefined) throw notWritable(`is partitioned by ${transform} of a ${source.type.kind}`);
  return { id: field['field-id'], name: field.name, partition: { column: source.name, transform }, type };
}

function notWritable(what: string): IcebergError {
  return new IcebergError(`the table ${what}, which is not written`, 'NotWritable', false);
}

function isTransform(text: string): text is TablePartition['transform'] {
  return ['identity', 'hour', 'day', 'month', 'year'].includes(text);
}

/** What a partition's values are; a `date` is an int that says so. */
export type PartitionType =
  | 'boolean'
  | 'int'
  | 'long'
  | 'string'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz';

function partitionTypeOf(
  transform: TablePartition['transform'],
  { kind }: TableType,
): PartitionType | undefined {
  const isMoment = kind === 'timestamp' || kind === 'timestamptz';
  switch (transform) {
    case 'hour':
      return isMoment ? 'int' : undefined;
    case 'day':
      return isMoment || kind === 'date' ? 'date' : undefined;
    case 'month':
    case 'year':
      return isMoment || kind === 'date' ? 'int' : undefined;
    case 'identity':
      return isIdentity(kind) ? kind : undefined;
  }
}

function isIdentity(kind: string): kind is PartitionType {
  return ['boolean', 'int', 'long', 'string', 'date', 'time', 'timestamp', 'timestamptz'].includes(kind);
}
