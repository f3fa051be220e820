import type { TableSchema } from '../../iceberg/table-schema.ts';
import { SchemaError } from './schema-error.ts';

/**
 * The schema that a JSON Schema says, as channels make their tables by it: required properties are required
 * columns. `document` is the parsed JSON. Throws `SchemaError`.
 */
export function schemaOfJsonSchema(_document: unknown): TableSchema {
  throw new SchemaError('A JSON Schema is not read yet.');
}
