import { compileDatePattern, type DatePattern } from './date-pattern.ts';
import { NamesError } from './names-error.ts';

/** A piece of a prefix of Firehose: text, or `!{namespace:value}`. */
export type PrefixPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'timestamp'; readonly pattern: DatePattern }
  | { readonly kind: 'random' }
  | { readonly kind: 'error type' }
  | { readonly kind: 'key'; readonly from: 'query' | 'lambda'; readonly name: string };

/**
 * Reads a prefix (Data Firehose developer guide, "Understand custom prefixes for Amazon S3 objects"). `!{` is
 * only ever the beginning of an expression. `NamesError` with what is wrong.
 */
export function prefixPiecesOf(prefix: string, timeZone: string): readonly PrefixPiece[] {
  const pieces: PrefixPiece[] = [];
  let at = 0;
  while (at < prefix.length) {
    const start = prefix.indexOf('!{', at);
    const text = prefix.slice(at, start === -1 ? prefix.length : start);
    if (text !== '') pieces.push({ kind: 'text', text });
    if (start === -1) break;
    const end = endOf(prefix, start + 2);
    pieces.push(pieceOf(prefix.slice(start + 2, end), timeZone));
    at = end + 1;
  }
  return pieces;
}

/** Where the brace is that closes an expression: not one in the quotes of a date's pattern. */
function endOf(prefix: string, start: number): number {
  let isQuoted = false;
  for (let at = start; at < prefix.length; at++) {
    if (prefix[at] === "'") isQuoted = !isQuoted;
    else if (prefix[at] === '}' && !isQuoted) return at;
  }
  const unquoted = prefix.indexOf('}', start);
  if (unquoted !== -1) return unquoted;
  throw new NamesError(`Invalid prefix expression: ${prefix}`);
}

function pieceOf(expression: string, timeZone: string): PrefixPiece {
  const colon = expression.indexOf(':');
  const namespace = colon === -1 ? expression : expression.slice(0, colon);
  const value = colon === -1 ? '' : expression.slice(colon + 1);
  switch (namespace) {
    case 'timestamp':
      return { kind: 'timestamp', pattern: compileDatePattern(value, timeZone) };
    case 'firehose':
      if (value === 'random-string') return { kind: 'random' };
      if (value === 'error-output-type') return { kind: 'error type' };
      throw new NamesError(`Invalid prefix expression: !{${expression}}`);
    case 'partitionKeyFromQuery':
    case 'partitionKeyFromLambda':
      if (value === '') throw new NamesError(`Invalid prefix expression: !{${expression}}`);
      return { kind: 'key', from: namespace === 'partitionKeyFromQuery' ? 'query' : 'lambda', name: value };
    default:
      throw new NamesError(`Invalid prefix expression: !{${expression}}`);
  }
}
