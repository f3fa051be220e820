import type { AsyncRow } from 'squirreling';

/** Rows that a query has to hold before it can answer any: those that it sorts, groups, joins or compares. */
export class HeldRows {
  #bytes = 0;

  /**
   * The same rows with their values made, and nothing else of their records. Fails where they are too many.
   */
  async *hold(rows: AsyncIterable<AsyncRow>, columns: readonly string[]): AsyncGenerator<AsyncRow> {
    for await (const { cells } of rows) {
      const values: AsyncRow['cells'] = {};
      this.#bytes += rowBytes;
      for (const column of columns) {
        const value = await cells[column]!();
        this.#bytes += valueBytes + bytesOf(value);
        values[column] = async () => value;
      }
      if (this.#bytes > heldBytesMax) throw new Error(heldSentence);
      yield { columns: [...columns], cells: values };
    }
  }
}

/** What a row and a value take besides what is in them, roughly, in V8. */
const rowBytes = 200;
const valueBytes = 100;

export const heldBytesMax = 64 * 1024 * 1024;

const heldSentence =
  'a query that sorts, groups, joins or compares rows holds them in memory, and they are more than 64 MiB: ask for fewer';

/** Roughly, too: a character of a text takes one byte or two. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return value.length * 2;
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = 32;
  for (const [key, inner] of Object.entries(value)) bytes += key.length + 16 + bytesOf(inner);
  return bytes;
}
