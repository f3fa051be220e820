import { FilterError } from './record-filter.ts';

/**
 * Whether a text has the form of a pattern in which `*` stands for any characters, none among them; `\*` and
 * `\\` stand for themselves. Throws `FilterError` for another escape, and for one `*` after the other
 * (EventBridge user guide, "Matching with wildcards"). The pieces between are looked for from left to right,
 * each once: nothing is tried again.
 */
export function wildcardTest(pattern: string): (text: string) => boolean {
  const pieces = piecesOf(pattern);
  const first = pieces[0]!;
  if (pieces.length === 1) return (text) => text === first;
  const last = pieces.at(-1)!;
  const between = pieces.slice(1, -1);
  return (text) => {
    const end = text.length - last.length;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const piece of between) {
      const found = text.indexOf(piece, at);
      if (found === -1) return false;
      at = found + piece.length;
    }
    return at <= end;
  };
}

/** The texts between the stars. */
function piecesOf(pattern: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let isAfterStar = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === '*' && isAfterStar) throw new FilterError('Consecutive wildcards are not allowed.');
    isAfterStar = character === '*';
    if (isAfterStar) {
      pieces.push(piece);
      piece = '';
      continue;
    }
    if (character === '\\') at++;
    piece += character === '\\' ? escaped(pattern[at]) : character;
  }
  return [...pieces, piece];
}

function escaped(character: string | undefined): string {
  if (character === '*' || character === '\\') return character;
  throw new FilterError('A backslash in a wildcard may be before * or \\ alone.');
}
