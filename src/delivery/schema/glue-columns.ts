import type { TableSchema } from '../../iceberg/table-schema.ts';
import { SchemaError } from './schema-error.ts';

/** A column of a table in Glue's Data Catalog. */
export type GlueColumn = {
  readonly Name: string;
  readonly Type?: string | undefined;
  readonly Comment?: string | undefined;
};

/** The schema that Glue's columns say; each may be null. Throws `SchemaError`. */
export function schemaOfGlueColumns(columns: readonly GlueColumn[]): TableSchema {
  return {
    fields: columns.map((column, index) => ({
      id: index + 1,
      name: column.Name,
      required: false,
      type: { kind: primitiveOf(column) },
    })),
  };
}

function primitiveOf(column: GlueColumn) {
  switch (column.Type) {
    case 'string':
    case 'int':
    case 'double':
    case 'boolean':
      return column.Type;
    default:
      throw new SchemaError(`Column ${column.Name} has the type ${column.Type}, which is not known.`);
  }
}
