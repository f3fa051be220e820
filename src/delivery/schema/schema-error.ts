/**
 * A description of columns that is none, or that a table cannot have. `message` says what and where, in one
 * line.
 */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}
