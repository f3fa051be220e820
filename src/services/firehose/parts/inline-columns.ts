import { type GlueColumn, schemaOfGlueColumns } from '../../../delivery/schema/glue-columns.ts';
import { SchemaError } from '../../../delivery/schema/schema-error.ts';
import type { TableSchema } from '../../../iceberg/table-schema.ts';

/**
 * The columns that stand in the place of a table's name, so that every client can say them: as Hive writes
 * the type of a row, `struct<id:int,at:timestamp>`, or as Glue has a table,
 * `{"Columns":[{"Name":"id","Type":"int"}]}`. Undefined for a name. Throws `SchemaError`.
 */
export function columnsInline(table: string): TableSchema | undefined {
  if (table.startsWith('struct<')) return schemaOfRow(table);
  if (table.startsWith('{')) return schemaOfGlueColumns(columnsIn(table));
  return undefined;
}

/** A row is what one column of that type holds; ids are given anew. */
function schemaOfRow(type: string): TableSchema {
  const [row] = schemaOfGlueColumns([{ Name: 'row', Type: type }]).fields;
  if (row?.type.kind !== 'struct') throw new SchemaError(`${type} is no type of a row.`);
  return { fields: row.type.fields };
}

/** Of a table, or of the answer of GetTable. */
function columnsIn(text: string): GlueColumn[] {
  const parsed = parsedTable(text);
  const table = isObject(parsed) && isObject(parsed['Table']) ? parsed['Table'] : parsed;
  const holder = isObject(table) && isObject(table['StorageDescriptor']) ? table['StorageDescriptor'] : table;
  const columns = isObject(holder) ? holder['Columns'] : undefined;
  if (!Array.isArray(columns)) throw new SchemaError('The table has no Columns.');
  return columns.map(columnOf);
}

function parsedTable(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SchemaError(`The table is no JSON: ${error.message}`);
  }
}

function columnOf(column: unknown): GlueColumn {
  const { Name, Type } = isObject(column) ? column : {};
  if (typeof Name === 'string' && typeof Type === 'string') return { Name, Type };
  throw new SchemaError('A column has a Name and a Type.');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
