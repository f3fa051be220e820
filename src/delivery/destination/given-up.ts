import type { TableRefusal } from '../formatter/chunk-setting.ts';

/** Tables that a chunk's records were not taken by, for as long as it is tried. */
export type GivenUp = {
  /** The chunk's number. */
  readonly chunk: number;
  readonly tables: ReadonlyMap<string, TableRefusal>;
};

/** A table could not be had, and certainly has none of a chunk: its records are to go to the errors. */
export class GivenUpError extends Error {
  override readonly name = 'GivenUpError';
  readonly chunk: number;
  readonly table: string;
  readonly refusal: TableRefusal;

  constructor(chunk: number, table: string, refusal: TableRefusal) {
    super(refusal.message);
    this.chunk = chunk;
    this.table = table;
    this.refusal = refusal;
  }
}

/** With one table more. */
export function givenUpWith(before: GivenUp | undefined, { chunk, table, refusal }: GivenUpError): GivenUp {
  const tables = before?.chunk === chunk ? before.tables : [];
  return { chunk, tables: new Map([...tables, [table, refusal]]) };
}
