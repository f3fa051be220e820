import type { PartitionType } from './partition-spec.ts';

/** An Avro schema as Iceberg has it: every field has its id. */
export type AvroField = {
  readonly name: string;
  readonly type: unknown;
  readonly default?: null;
  readonly 'field-id': number;
};

export function required(id: number, name: string, type: unknown): AvroField {
  return { name, type, 'field-id': id };
}

export function optional(id: number, name: string, type: unknown): AvroField {
  return { name, type: ['null', type], default: null, 'field-id': id };
}

export function avroRecord(name: string, fields: readonly AvroField[]): object {
  return { type: 'record', name, fields };
}

export function listOf(elementId: number, items: unknown): object {
  return { type: 'array', items, 'element-id': elementId };
}

/**
 * Avro's maps have strings as keys: one of ints is a list of pairs that says so (specification, appendix A).
 */
export function mapOfInts(keyId: number, valueId: number, value: unknown): object {
  const pair = avroRecord(`k${keyId}_v${valueId}`, [
    required(keyId, 'key', 'int'),
    required(valueId, 'value', value),
  ]);
  return { type: 'array', logicalType: 'map', items: pair };
}

/** Types of partition values (specification, appendix A, "Avro"). */
export function avroTypeOf(type: PartitionType): unknown {
  switch (type) {
    case 'date':
      return { type: 'int', logicalType: 'date' };
    case 'time':
      return { type: 'long', logicalType: 'time-micros' };
    case 'timestamp':
      return { type: 'long', logicalType: 'timestamp-micros', 'adjust-to-utc': false };
    case 'timestamptz':
      return { type: 'long', logicalType: 'timestamp-micros', 'adjust-to-utc': true };
    default:
      return type;
  }
}

/**
 * A record's values by the ids of its fields, however the writer named them; by the names of `known` where
 * the writer gave none.
 */
export function byFieldId(
  record: unknown,
  schema: unknown,
  known: readonly AvroField[],
): ReadonlyMap<number, unknown> {
  const values = new Map<number, unknown>();
  if (!isObject(record) || !isObject(schema) || !Array.isArray(schema['fields'])) return values;
  for (const field of schema['fields'] as readonly unknown[]) {
    if (!isObject(field) || typeof field['name'] !== 'string') continue;
    const { name } = field;
    const id = field['field-id'] ?? known.find((one) => one.name === name)?.['field-id'];
    if (typeof id === 'number') values.set(id, record[name]);
  }
  return values;
}

/**
 * The record's schema inside that of a field or of a list's elements, unwrapped from what makes it optional.
 */
export function recordSchemaIn(type: unknown): unknown {
  if (Array.isArray(type)) return type.map(recordSchemaIn).find((one) => one !== undefined);
  if (!isObject(type)) return undefined;
  if (type['type'] === 'record') return type;
  if (type['type'] === 'array') return recordSchemaIn(type['items']);
  return typeof type['type'] === 'object' ? recordSchemaIn(type['type']) : undefined;
}

export function fieldTypeIn(schema: unknown, id: number): unknown {
  if (!isObject(schema) || !Array.isArray(schema['fields'])) return undefined;
  const fields = schema['fields'].filter(isObject);
  return fields.find((field) => field['field-id'] === id)?.['type'];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
