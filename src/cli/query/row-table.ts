import type { Clock } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import { countText, cut, printable } from '../answer-text.ts';
import type { Output } from '../command-world.ts';

/**
 * Rows as a table, as they come: the first ones wait for a moment for each other, so that columns are as wide
 * as what is in them; what is wider later is cut.
 */
export class RowTable {
  readonly #columns: readonly string[];
  readonly #out: Output;
  readonly #clock: Clock;
  #waiting: (readonly string[])[] | undefined = [];
  #widths: readonly number[] = [];
  #rows = 0;
  #wasSoon = false;

  constructor(columns: readonly string[], out: Output, clock: Clock) {
    this.#columns = columns;
    this.#out = out;
    this.#clock = clock;
  }

  async add(row: readonly unknown[]): Promise<void> {
    this.#rows++;
    const cells = row.map(cellText);
    if (this.#waiting === undefined) {
      await this.#out.write(this.#line(cells));
      return;
    }
    this.#waiting.push(cells);
    if (this.#waiting.length === rowsWaiting) await this.#begin();
    else if (!this.#wasSoon) detached(this.#beginSoon(), unthinkable);
  }

  /** Says how many rows there were. */
  async end(): Promise<void> {
    await this.#begin();
    await this.#out.write(`${countText(this.#rows)} ${this.#rows === 1 ? 'row' : 'rows'}\n`);
  }

  async #beginSoon(): Promise<void> {
    this.#wasSoon = true;
    await this.#clock.sleep(waitMs);
    await this.#begin();
  }

  async #begin(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    this.#widths = this.#columns.map((column, index) =>
      Math.min(cellColumnsMax, Math.max(column.length, ...waiting.map((cells) => cells[index]!.length))),
    );
    const head = this.#columns.map((column) => printable(column.toUpperCase()));
    await this.#out.write([head, ...waiting].map((cells) => this.#line(cells)).join(''));
  }

  /** What is last needs no column. */
  #line(cells: readonly string[]): string {
    const padded = cells.map((cell, index) =>
      index === cells.length - 1 ? cell : cut(cell, this.#widths[index]!).padEnd(this.#widths[index]!),
    );
    return `${padded.join('  ').trimEnd()}\n`;
  }
}

const rowsWaiting = 100;
const waitMs = 300;
const cellColumnsMax = 60;

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}
