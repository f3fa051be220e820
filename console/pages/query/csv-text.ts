/**
 * A line of CSV (RFC 4180) without its end: null is an empty field, structures are JSON. Texts that a
 * spreadsheet would take for a formula begin with an apostrophe: whoever puts records does not compute in the
 * sheets of those who open them (OWASP, "CSV Injection"). NDJSON has them as they are.
 */
export function csvLine(values: readonly unknown[]): string {
  return values.map(csvField).join(',');
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  const plain = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const text = typeof value === 'string' && isFormula(plain) ? `'${plain}` : plain;
  return /[",\r\n]|^\s|\s$/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Also in the wide forms that East Asian sheets take, and behind blanks; a number with its sign is none. */
function isFormula(text: string): boolean {
  return (
    /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) && !/^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)
  );
}

/** A row as an object of JSON, by its columns; of two columns of a name the second is numbered. */
export function jsonLine(columns: readonly string[], values: readonly unknown[]): string {
  const members = distinct(columns).map(
    (name, index) => `${JSON.stringify(name)}:${JSON.stringify(values[index] ?? null)}`,
  );
  return `{${members.join(',')}}`;
}

function distinct(columns: readonly string[]): string[] {
  return columns.map((name, index) => {
    const earlier = columns.slice(0, index).filter((other) => other === name).length;
    return earlier === 0 ? name : `${name}_${earlier + 1}`;
  });
}
