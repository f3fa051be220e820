import { styleText } from 'node:util';
import { printable } from './answer-text.ts';
import type { Output } from './command-world.ts';

/** A column: its head, and how its cells stand. */
export type Column = { readonly head: string; readonly align?: 'right' };

/** A cell, and what colour it has where colours are shown. */
export type Cell = string | { readonly text: string; readonly style: Style };

export type Style = 'green' | 'yellow' | 'red' | 'dim' | 'bold' | 'cyan';

/** A table with columns as wide as what is in them; a head of no text is not shown. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { hasColours }: Pick<Output, 'hasColours'>,
): string {
  const texts = rows.map((row) => row.map(textOf));
  const widths = columns.map(({ head }, column) =>
    Math.max(widthOf(head), ...texts.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (cells: readonly Cell[]) =>
    columns
      .map(({ align }, column) => shown(cells[column] ?? '', widths[column]!, align, hasColours))
      .join('  ')
      .trimEnd();
  const heads = columns.map(({ head }): Cell => ({ text: head, style: 'dim' }));
  const all = columns.every(({ head }) => head === '') ? rows : [heads, ...rows];
  return all.map((row) => `${line(row)}\n`).join('');
}

/** A text in a colour, where colours are shown. */
export function styled(text: string, style: Style, { hasColours }: Pick<Output, 'hasColours'>): string {
  return hasColours ? styleText(style, text, { validateStream: false }) : text;
}

/** A server may be anybody's: nothing that it says moves the terminal. */
function textOf(cell: Cell): string {
  return printable(typeof cell === 'string' ? cell : cell.text);
}

function shown(cell: Cell, width: number, align: Column['align'], hasColours: boolean): string {
  const text = textOf(cell);
  const style = typeof cell === 'string' ? undefined : cell.style;
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  const coloured = style === undefined ? text : styled(text, style, { hasColours });
  return align === 'right' ? blanks + coloured : coloured + blanks;
}

/**
 * Characters of East Asia that take two columns are few in names of AWS's, which are ASCII; code points do.
 */
function widthOf(text: string): number {
  return [...text].length;
}
