/**
 * An expression that names of objects cannot be made by. `message` is AWS's, for InvalidArgumentException.
 */
export class NamesError extends Error {
  override readonly name = 'NamesError';
}
