/**
 * A piece of an expression: an identifier, a keyword (in any case), `#name`, `:value`, an integer without
 * leading zeros, a symbol, the end, or a character that none of these begins with.
 */
export type Token = {
  readonly kind: 'word' | 'keyword' | 'name' | 'value' | 'integer' | 'symbol' | 'unknown' | 'end';
  readonly text: string;
  /** Keywords in capitals, all others as in `text`. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
};

const keywords: ReadonlySet<string> = new Set([
  ...['AND', 'OR', 'NOT', 'BETWEEN', 'IN'],
  ...['SET', 'REMOVE', 'ADD', 'DELETE'],
]);

const form =
  /[ \t\r\n]*(?:([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(0|[1-9][0-9]*)|(<>|<=|>=|[-+=<>()[\].,])|(.))/suy;

/** The last one is the end; it begins where the text ends. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(form);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [, word, name, value, integer, symbol, unknown] = match;
    const piece = (word ?? name ?? value ?? integer ?? symbol ?? unknown)!;
    const end = pattern.lastIndex;
    // White space at the end of a text is found as a character like any other.
    if (unknown !== undefined && /^[ \t\r\n]$/.test(piece)) break;
    const place = { text: piece, start: end - piece.length, end };
    if (word !== undefined) tokens.push({ ...ofWord(word), ...place });
    else if (name !== undefined) tokens.push({ kind: 'name', word: piece, ...place });
    else if (value !== undefined) tokens.push({ kind: 'value', word: piece, ...place });
    else if (integer !== undefined) tokens.push({ kind: 'integer', word: piece, ...place });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', word: piece, ...place });
    else tokens.push({ kind: 'unknown', word: piece, ...place });
  }
  tokens.push({ kind: 'end', text: '<EOF>', word: '<EOF>', start: text.length, end: text.length });
  return tokens;
}

function ofWord(text: string): Pick<Token, 'kind' | 'word'> {
  const capitals = text.toUpperCase();
  return keywords.has(capitals) ? { kind: 'keyword', word: capitals } : { kind: 'word', word: text };
}
