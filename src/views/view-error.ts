/**
 * What was asked for makes no sense: an expression, a query or a schema. Its message is for whoever typed it.
 */
export class ViewError extends Error {
  override readonly name = 'ViewError';
  /** Where in the text it is wrong, from 0; undefined where that is not known. */
  readonly position: number | undefined;

  constructor(message: string, position?: number) {
    super(message);
    this.position = position;
  }
}
