import type { TableSchema } from '../../iceberg/table-schema.ts';
import { SchemaError } from './schema-error.ts';

/** The schema that records of JSON look like; each column may be null. What is no JSON object is left out. Throws `SchemaError` where none is. */
export function schemaOfSamples(_records: readonly Buffer[]): TableSchema {
  throw new SchemaError('Records are not sampled yet.');
}
