/**
 * Takes CSV (RFC 4180) apart as it comes: rows of fields, which may hold commas, line ends and doubled
 * quotes.
 */
export class CsvRows {
  readonly #separator: string;
  #row: string[] = [];
  #field = '';
  #isQuoted = false;
  #hasQuoteBefore = false;

  constructor(separator = ',') {
    this.#separator = separator;
  }

  /** The rows that are complete with this piece of text; empty lines are none. */
  push(piece: string): string[][] {
    const rows: string[][] = [];
    for (const character of piece) {
      if (this.#hasQuoteBefore) {
        this.#hasQuoteBefore = false;
        if (character === '"') {
          this.#field += '"';
          continue;
        }
        this.#isQuoted = false;
      }
      if (this.#isQuoted) {
        if (character === '"') this.#hasQuoteBefore = true;
        else this.#field += character;
      } else if (character === '"' && this.#field === '') this.#isQuoted = true;
      else if (character === this.#separator) this.#finishField();
      else if (character === '\n') this.#finishRow(rows);
      else this.#field += character;
    }
    return rows;
  }

  /** The last row, where the text does not end in a line end. */
  end(): string[][] {
    const rows: string[][] = [];
    this.#isQuoted = false;
    this.#hasQuoteBefore = false;
    this.#finishRow(rows);
    return rows;
  }

  #finishField(): void {
    this.#row.push(this.#field.endsWith('\r') ? this.#field.slice(0, -1) : this.#field);
    this.#field = '';
  }

  #finishRow(rows: string[][]): void {
    this.#finishField();
    if (this.#row.length > 1 || this.#row[0] !== '') rows.push(this.#row);
    this.#row = [];
  }
}

/** The separator that a header line was made with. */
export function separatorOf(header: string): string {
  const counts = [',', ';', '\t', '|'].map((separator) => header.split(separator).length);
  return [',', ';', '\t', '|'][counts.indexOf(Math.max(...counts))]!;
}

/**
 * A row as an object of JSON: what is written as JSON writes numbers is a number, `true` and `false` are
 * booleans, all else, `007` and `1e5` among it, is text. An empty field is null.
 */
export function objectOfRow(header: readonly string[], row: readonly string[]): string {
  const members = header.map((name, index) => `${JSON.stringify(name)}:${jsonOfField(row[index] ?? '')}`);
  return `{${members.join(',')}}`;
}

function jsonOfField(field: string): string {
  if (field === '') return 'null';
  if (field === 'true' || field === 'false') return field;
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/.test(field) ? field : JSON.stringify(field);
}
