/** A text that is no JSON. `message` says what and where, in one line. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** A value that a column cannot have. `message` says which and why, in one line. */
export class MismatchError extends Error {
  override readonly name = 'MismatchError';
}
