import type { GlueColumn } from '../../delivery/schema/glue-columns.ts';
import { SchemaError } from '../../delivery/schema/schema-error.ts';

/**
 * The columns of a table as Glue's GetTable answers it, with the member `Table` around it or without. Throws
 * `SchemaError` where it is none.
 */
export function columnsIn(answer: unknown, what: string): readonly GlueColumn[] {
  const table = memberOf(answer, 'Table') ?? answer;
  const columns = memberOf(memberOf(table, 'StorageDescriptor'), 'Columns');
  if (Array.isArray(columns) && columns.every(isColumn)) return columns;
  throw new SchemaError(`What is said of ${what} has no StorageDescriptor with Columns.`);
}

/**
 * The JSON Schema in what Glue's GetSchemaVersion answers. Throws `SchemaError` where it has another form.
 */
export function schemaIn(answer: unknown, what: string): unknown {
  const format = memberOf(answer, 'DataFormat');
  const definition = memberOf(answer, 'SchemaDefinition');
  if (format !== 'JSON' || typeof definition !== 'string') {
    throw new SchemaError(`The format of ${what} is ${format}; channels take JSON.`);
  }
  try {
    return JSON.parse(definition);
  } catch {
    throw new SchemaError(`The definition of ${what} is no JSON.`);
  }
}

function isColumn(value: unknown): value is GlueColumn {
  const type = memberOf(value, 'Type');
  return typeof memberOf(value, 'Name') === 'string' && (type === undefined || typeof type === 'string');
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
