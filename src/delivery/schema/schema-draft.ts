import type { PrimitiveKind, TableField, TableSchema, TableType } from '../../iceberg/table-schema.ts';
import { SchemaError } from './schema-error.ts';

/** A column before it has an id. */
export type DraftField = {
  readonly name: string;
  readonly required: boolean;
  readonly type: DraftType;
  readonly doc?: string | undefined;
};

export type DraftType =
  | { readonly kind: PrimitiveKind }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'struct'; readonly fields: readonly DraftField[] }
  | { readonly kind: 'list'; readonly element: DraftType }
  | { readonly kind: 'map'; readonly key: DraftType; readonly value: DraftType };

/** Columns of all depths: a file's footer and a table's metadata name each of them. */
export const schemaFieldsMax = 2_000;
/** Structs, lists and maps in each other: far below what a stack bears, and above what tables have. */
export const schemaDepthMax = 50;
/** As Hive has it (`DECIMAL`), and Iceberg. */
const decimalPrecisionMax = 38;

/**
 * The schema with its ids: those of a level before those of the levels below it, as Iceberg numbers columns.
 * Entries of lists and values of maps may be null. Throws `SchemaError` for what no table can have: no
 * columns, a name twice, or more than the limits.
 */
export function schemaOfDraft(fields: readonly DraftField[]): TableSchema {
  return { fields: numbered(fields, new Ids(), 'The table') };
}

class Ids {
  #last = 0;

  next(): number {
    this.#last += 1;
    if (this.#last > schemaFieldsMax) {
      throw new SchemaError(`The schema has more than ${schemaFieldsMax} columns.`);
    }
    return this.#last;
  }
}

function numbered(fields: readonly DraftField[], ids: Ids, what: string): TableField[] {
  if (fields.length === 0) throw new SchemaError(`${what} has no columns.`);
  const names = new Set<string>();
  const withIds = fields.map((field) => {
    if (field.name === '') throw new SchemaError(`${what} has a column without a name.`);
    if (names.has(field.name)) throw new SchemaError(`${what} has the column ${field.name} twice.`);
    names.add(field.name);
    return { field, id: ids.next() };
  });
  return withIds.map(({ field: { name, required, type, doc }, id }) => ({
    id,
    name,
    required,
    type: numberedType(type, ids, `Column ${name}`),
    ...(doc !== undefined && { doc }),
  }));
}

function numberedType(type: DraftType, ids: Ids, what: string): TableType {
  switch (type.kind) {
    case 'struct':
      return { kind: 'struct', fields: numbered(type.fields, ids, what) };
    case 'list': {
      const elementId = ids.next();
      return {
        kind: 'list',
        elementId,
        element: numberedType(type.element, ids, what),
        elementRequired: false,
      };
    }
    case 'map': {
      const keyId = ids.next();
      const valueId = ids.next();
      return {
        kind: 'map',
        keyId,
        key: numberedType(type.key, ids, what),
        valueId,
        value: numberedType(type.value, ids, what),
        valueRequired: false,
      };
    }
    default:
      return type;
  }
}

/** Throws `SchemaError` for a decimal that is none. */
export function decimalOf(precision: number, scale: number, what: string): DraftType {
  if (precision < 1 || precision > decimalPrecisionMax || scale < 0 || scale > precision) {
    throw new SchemaError(
      `${what}: decimal(${precision},${scale}) is not between decimal(1,0) and decimal(${decimalPrecisionMax},${decimalPrecisionMax}).`,
    );
  }
  return { kind: 'decimal', precision, scale };
}
