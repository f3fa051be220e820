import { IcebergError } from '../iceberg-table.ts';
import type { PrimitiveKind, TableField, TableSchema, TableType } from '../table-schema.ts';

/** A schema in a table's metadata (Iceberg table specification, appendix C, "Schemas"). */
export type SchemaJson = {
  readonly type: 'struct';
  readonly 'schema-id'?: number;
  readonly fields: readonly FieldJson[];
};

export type FieldJson = {
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  readonly type: TypeJson;
  readonly doc?: string | undefined;
};

export type TypeJson =
  | string
  | { readonly type: 'struct'; readonly fields: readonly FieldJson[] }
  | {
      readonly type: 'list';
      readonly 'element-id': number;
      readonly element: TypeJson;
      readonly 'element-required': boolean;
    }
  | {
      readonly type: 'map';
      readonly 'key-id': number;
      readonly key: TypeJson;
      readonly 'value-id': number;
      readonly value: TypeJson;
      readonly 'value-required': boolean;
    };

export function schemaJsonOf(schema: TableSchema, id: number): SchemaJson {
  return { type: 'struct', 'schema-id': id, fields: schema.fields.map(fieldJsonOf) };
}

function fieldJsonOf({ id, name, required, type, doc }: TableField): FieldJson {
  return { id, name, required, type: typeJsonOf(type), ...(doc === undefined ? {} : { doc }) };
}

function typeJsonOf(type: TableType): TypeJson {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision}, ${type.scale})`;
    case 'struct':
      return { type: 'struct', fields: type.fields.map(fieldJsonOf) };
    case 'list':
      return {
        type: 'list',
        'element-id': type.elementId,
        element: typeJsonOf(type.element),
        'element-required': type.elementRequired,
      };
    case 'map':
      return {
        type: 'map',
        'key-id': type.keyId,
        key: typeJsonOf(type.key),
        'value-id': type.valueId,
        value: typeJsonOf(type.value),
        'value-required': type.valueRequired,
      };
    default:
      return type.kind;
  }
}

/** Throws `IcebergError` of code `NotWritable` for a type that nothing is written in. */
export function schemaOfJson(json: SchemaJson): TableSchema {
  return { fields: json.fields.map(fieldOfJson) };
}

function fieldOfJson({ id, name, required, type, doc }: FieldJson): TableField {
  return { id, name, required, type: typeOfJson(type, name), doc };
}

function typeOfJson(type: TypeJson, column: string): TableType {
  if (typeof type === 'string') return simpleType(type, column);
  switch (type.type) {
    case 'struct':
      return { kind: 'struct', fields: type.fields.map(fieldOfJson) };
    case 'list':
      return {
        kind: 'list',
        elementId: type['element-id'],
        element: typeOfJson(type.element, column),
        elementRequired: type['element-required'],
      };
    case 'map':
      return {
        kind: 'map',
        keyId: type['key-id'],
        key: typeOfJson(type.key, column),
        valueId: type['value-id'],
        value: typeOfJson(type.value, column),
        valueRequired: type['value-required'],
      };
    default:
      throw unknownType(type, column);
  }
}

function simpleType(name: string, column: string): TableType {
  const decimal = /^decimal\(\s*(\d+)\s*,\s*(\d+)\s*\)$/.exec(name);
  if (decimal !== null) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  if (isPrimitive(name)) return { kind: name };
  throw unknownType(name, column);
}

function unknownType(type: unknown, column: string): IcebergError {
  const text = typeof type === 'string' ? type : JSON.stringify(type);
  return new IcebergError(
    `column ${column} has the type ${text}, which is not written`,
    'NotWritable',
    false,
  );
}

function isPrimitive(name: string): name is PrimitiveKind {
  return primitives.has(name);
}

const primitives: ReadonlySet<string> = new Set<PrimitiveKind>([
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'string',
  'binary',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'uuid',
]);

/** The highest id of a schema's fields, nested ones and those of elements, keys and values included. */
export function lastColumnIdOf(schema: TableSchema): number {
  return Math.max(0, ...schema.fields.map(lastIdOfField));
}

function lastIdOfField({ id, type }: TableField): number {
  return Math.max(id, lastIdOf(type));
}

function lastIdOf(type: TableType): number {
  switch (type.kind) {
    case 'struct':
      return Math.max(0, ...type.fields.map(lastIdOfField));
    case 'list':
      return Math.max(type.elementId, lastIdOf(type.element));
    case 'map':
      return Math.max(type.keyId, type.valueId, lastIdOf(type.key), lastIdOf(type.value));
    default:
      return 0;
  }
}
