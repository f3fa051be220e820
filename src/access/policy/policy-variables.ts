import { literalOf, type Wildcard, wildcardOf } from './wildcard.ts';

/** The values of a condition key, named in lower case; undefined when the request has none. */
export type ValuesOf = (key: string) => readonly string[] | undefined;

/**
 * A text of a policy in which variables stand for values of the request: `stream/${aws:username}-*` (IAM user
 * guide, "IAM policy elements: Variables and tags"). What a variable stands for is never a wildcard.
 */
export type Template = {
  /** The condition keys of its variables, in lower case. */
  readonly keys: readonly string[];
  /** Undefined when a variable has neither a value nor a default. */
  text(valuesOf: ValuesOf): string | undefined;
  /** The same, with the wildcards outside of variables. */
  pattern(valuesOf: ValuesOf): Wildcard | undefined;
};

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** `${*}`, `${?}` and `${$}`: the character itself. */
  | { readonly kind: 'character'; readonly text: string }
  | { readonly kind: 'variable'; readonly key: string; readonly standard: string | undefined };

/** The template that a text is; undefined when it has no variables. */
export function templateOf(text: string): Template | undefined {
  const pieces = piecesOf(text);
  if (pieces.every(({ kind }) => kind === 'text')) return undefined;
  return {
    keys: pieces.flatMap((piece) => (piece.kind === 'variable' ? [piece.key] : [])),
    text(valuesOf) {
      const texts = pieces.map((piece) => textOf(piece, valuesOf));
      return texts.includes(undefined) ? undefined : texts.join('');
    },
    pattern(valuesOf) {
      const units: number[] = [];
      for (const piece of pieces) {
        const said = textOf(piece, valuesOf);
        if (said === undefined) return undefined;
        units.push(...(piece.kind === 'text' ? wildcardOf(said) : literalOf(said)));
      }
      return units;
    },
  };
}

/** A variable of a key with several values has none that could be meant. */
function textOf(piece: Piece, valuesOf: ValuesOf): string | undefined {
  if (piece.kind !== 'variable') return piece.text;
  const values = valuesOf(piece.key) ?? [];
  return values.length === 1 ? values[0] : values.length === 0 ? piece.standard : undefined;
}

/** What is not closed, or is no variable by its form, is text. */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: whole, 1: inside, index } of text.matchAll(variableForm)) {
    if (index > from) pieces.push({ kind: 'text', text: text.slice(from, index) });
    pieces.push(pieceOf(inside!));
    from = index + whole.length;
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) });
  return pieces;
}

function pieceOf(inside: string): Piece {
  if (inside === '*' || inside === '?' || inside === '$') return { kind: 'character', text: inside };
  const comma = inside.indexOf(',');
  if (comma === -1) return { kind: 'variable', key: inside.trim().toLowerCase(), standard: undefined };
  const standard = inside.slice(comma + 1).trim();
  const isQuoted = standard.length > 1 && standard.startsWith("'") && standard.endsWith("'");
  return {
    kind: 'variable',
    key: inside.slice(0, comma).trim().toLowerCase(),
    standard: isQuoted ? standard.slice(1, -1) : undefined,
  };
}

/** One character class to the next brace: linear. */
const variableForm = /\$\{([^{}]*)\}/g;
