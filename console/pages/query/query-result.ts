import type { StreamEvent } from '../records/resumed-events.ts';
import { type Wrong, wrongOf } from '../records/wrong.ts';

export type QueryState = 'running' | 'ended' | 'stopped' | 'failed';

/**
 * What a query has answered so far. Rows are kept as the texts in which they came, and read when they are
 * drawn. Past the bound the query is to be stopped: `isFull`.
 */
export class QueryResult {
  readonly rowsMax: number;
  readonly #charactersMax: number;
  columns: readonly string[] = [];
  state: QueryState = 'running';
  recordsScanned = 0;
  /** 0 where the server does not say. */
  bytesScanned = 0;
  error: Wrong | undefined;
  readonly #rows: string[] = [];
  #characters = 0;

  constructor(bounds: { readonly rowsMax: number; readonly charactersMax: number }) {
    this.rowsMax = bounds.rowsMax;
    this.#charactersMax = bounds.charactersMax;
  }

  get count(): number {
    return this.#rows.length;
  }

  get isFull(): boolean {
    return this.#rows.length >= this.rowsMax || this.#characters >= this.#charactersMax;
  }

  take({ event, data }: StreamEvent): void {
    if (event === 'row') {
      this.#rows.push(data);
      this.#characters += data.length;
    } else if (event === 'columns') this.columns = JSON.parse(data) as string[];
    else if (event === 'status' || event === 'end') this.#count(data);
    else if (event === 'trouble') this.fail(wrongOf((JSON.parse(data) as { message: string }).message));
    if (event === 'end' && this.state === 'running') this.state = 'ended';
  }

  fail(error: Wrong): void {
    this.error = error;
    this.state = 'failed';
  }

  /** The values of a row, for each column; undefined where there is no such row. */
  rowAt(index: number): readonly unknown[] | undefined {
    const text = this.#rows[index];
    return text === undefined ? undefined : (JSON.parse(text) as unknown[]);
  }

  *rows(): Generator<readonly unknown[]> {
    for (let index = 0; index < this.#rows.length; index++) yield this.rowAt(index)!;
  }

  #count(data: string): void {
    if (data === '') return;
    const { records, bytes } = JSON.parse(data) as { records?: number; bytes?: number };
    this.recordsScanned = records ?? this.recordsScanned;
    this.bytesScanned = bytes ?? this.bytesScanned;
  }
}
