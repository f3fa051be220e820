import { StartError } from '../../env/start-error.ts';

/**
 * The rows of a text with commas (RFC 4180) as objects, by the names in the first row. What reads as a number
 * of JSON is one. Rejects with `StartError` for a row of another length.
 */
export async function* csvObjects(
  lines: AsyncIterable<string>,
  name: string,
): AsyncGenerator<Record<string, string | number>> {
  let names: readonly string[] | undefined;
  let open = '';
  let row = 0;
  for await (const line of lines) {
    open = open === '' ? line : `${open}\n${line}`;
    // A cell in quotes may go over lines.
    if ((open.match(/"/g)?.length ?? 0) % 2 === 1) continue;
    const cells = cellsOf(open);
    open = '';
    row++;
    if (names === undefined) {
      names = cells.map((cell) => cell.replace(/^\ufeff/, '').trim());
      continue;
    }
    if (cells.length === 1 && cells[0] === '') continue;
    if (cells.length !== names.length)
      throw new StartError(`row ${row} of ${name} has ${cells.length} cells, and the first ${names.length}`);
    yield Object.fromEntries(names.map((each, index) => [each, cellValue(cells[index]!)]));
  }
  if (open !== '') throw new StartError(`${name} ends within a cell in quotes`);
}

function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (line[at + 1] === '"') cell += line[at++];
      else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === ',') {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}

/** Zip codes with a zero before them, and numbers that would lose digits, stay texts. */
function cellValue(cell: string): string | number {
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/.test(cell) ? Number(cell) : cell;
}
