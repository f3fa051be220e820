/** Whether a record's data are let in by any of a mapping's patterns; always, where it has none. */
export type RecordFilter = (data: Uint8Array) => boolean;

/**
 * A pattern that is none. `message` is AWS's, as InvalidParameterValueException has it; `detail` says what is
 * wrong with it.
 */
export class FilterError extends Error {
  override readonly name = 'FilterError';
  readonly detail: string;

  constructor(detail: string) {
    super('Invalid filter pattern definition.');
    this.detail = detail;
  }
}

/** Patterns of a mapping: five by default, ten on request (Lambda developer guide, "Event filtering"). */
export const patternsMax = 10;

/** Of a pattern (Lambda API reference, Filter). */
export const patternCharactersMax = 4096;
