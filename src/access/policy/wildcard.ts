/**
 * A pattern of IAM's: the code units that it must have one after the other, among them `anyText` for `*` and
 * `anyUnit` for `?` (IAM user guide, "IAM JSON policy elements: Resource").
 */
export type Wildcard = readonly number[];

/** Stands for any characters, or none. */
const anyText = -1;
/** Stands for one character. */
const anyUnit = -2;

/** The pattern that a text with `*` and `?` is. */
export function wildcardOf(text: string): Wildcard {
  const units = unitsOf(text);
  for (let at = 0; at < units.length; at++) {
    if (units[at] === star) units[at] = anyText;
    else if (units[at] === question) units[at] = anyUnit;
  }
  return units;
}

/** The pattern that matches this text alone. */
export function literalOf(text: string): Wildcard {
  return unitsOf(text);
}

function unitsOf(text: string): number[] {
  const units = [];
  for (let at = 0; at < text.length; at++) units.push(text.charCodeAt(at));
  return units;
}

const star = 0x2a;
const question = 0x3f;

/** Whether a pattern is a star alone, which matches every text. */
export function isAnyText(pattern: Wildcard): boolean {
  return pattern.length === 1 && pattern[0] === anyText;
}

/** How much has been done to compare texts: a count for tests. */
export type Steps = { taken: number };

/**
 * Whether a text matches a pattern. What stands between two stars is looked for once, from where the piece
 * before it ended. Where it has no `?` that takes steps in proportion to the two lengths (Knuth, Morris and
 * Pratt, "Fast pattern matching in strings", 1977): a caller's texts and a policy have kilobytes each.
 */
export function matches(pattern: Wildcard, text: string, steps: Steps = { taken: 0 }): boolean {
  const firstStar = pattern.indexOf(anyText);
  if (firstStar === -1)
    return pattern.length === text.length && fitsAt(pattern, 0, pattern.length, text, 0, steps);
  const lastStar = pattern.lastIndexOf(anyText);
  const endLength = pattern.length - lastStar - 1;
  const end = text.length - endLength;
  if (end < firstStar || !fitsAt(pattern, 0, firstStar, text, 0, steps)) return false;
  if (!fitsAt(pattern, lastStar + 1, pattern.length, text, end, steps)) return false;
  let place = firstStar;
  for (let from = firstStar + 1; from < lastStar; ) {
    const next = pattern.indexOf(anyText, from);
    const found = search(pattern.slice(from, next), text, place, end, steps);
    if (found === -1) return false;
    place = found + next - from;
    from = next + 1;
  }
  return true;
}

/** Whether the units of a pattern, none of them a star, are those of a text at a place. */
function fitsAt(
  pattern: Wildcard,
  from: number,
  end: number,
  text: string,
  place: number,
  steps: Steps,
): boolean {
  for (let at = from; at < end; at++) {
    steps.taken++;
    const unit = pattern[at];
    if (unit !== text.charCodeAt(place + at - from) && (unit !== anyUnit || place + at - from >= text.length))
      return false;
  }
  return true;
}

/** Where a piece without stars first is in a text, between two places; -1 when it is not there. */
function search(piece: Wildcard, text: string, from: number, end: number, steps: Steps): number {
  if (piece.length === 0) return from;
  if (piece.length > end - from) return -1;
  if (piece.includes(anyUnit)) return searchInParallel(piece, text, from, end, steps);
  const borders = bordersOf(piece, steps);
  let matched = 0;
  for (let place = from; place < end; place++) {
    const unit = text.charCodeAt(place);
    for (steps.taken++; matched > 0 && piece[matched] !== unit; steps.taken++)
      matched = borders[matched - 1]!;
    if (piece[matched] === unit) matched++;
    if (matched === piece.length) return place + 1 - matched;
  }
  return -1;
}

/** By length, the longest proper start of a piece's start that is also its end. */
function bordersOf(piece: Wildcard, steps: Steps): Int32Array {
  const borders = new Int32Array(piece.length);
  for (let at = 1, matched = 0; at < borders.length; at++) {
    for (steps.taken++; matched > 0 && piece[matched] !== piece[at]; steps.taken++)
      matched = borders[matched - 1]!;
    if (piece[matched] === piece[at]) matched++;
    borders[at] = matched;
  }
  return borders;
}

/**
 * The same for a piece with `?`: 32 places of the piece are compared in one step (Baeza-Yates and Gonnet, "A
 * new approach to text searching", 1992). Policies have at most 256 different characters.
 */
function searchInParallel(piece: Wildcard, text: string, from: number, end: number, steps: Steps): number {
  const words = Math.ceil(piece.length / 32);
  const anywhere = placesOf(piece, anyUnit, new Uint32Array(words));
  const places = new Map<number, Uint32Array>();
  for (const unit of new Set(piece)) places.set(unit, placesOf(piece, unit, anywhere.slice()));
  const state = new Uint32Array(words);
  const last = 1 << ((piece.length - 1) % 32);
  for (let place = from; place < end; place++) {
    const fitting = places.get(text.charCodeAt(place)) ?? anywhere;
    let carried = 1;
    for (let word = 0; word < words; word++) {
      const before = state[word]!;
      state[word] = ((before << 1) | carried) & fitting[word]!;
      carried = before >>> 31;
    }
    steps.taken += words;
    if ((state[words - 1]! & last) !== 0) return place + 1 - piece.length;
  }
  return -1;
}

/** Adds the places at which a piece has a unit, a bit for each. */
function placesOf(piece: Wildcard, unit: number, places: Uint32Array): Uint32Array {
  for (let at = 0; at < piece.length; at++) if (piece[at] === unit) places[at >>> 5]! |= 1 << (at % 32);
  return places;
}

/** The same for a pattern in writing. */
export function matchesWildcard(pattern: string, text: string): boolean {
  return matches(wildcardOf(pattern), text);
}

/**
 * The test that a pattern in writing is, as cheap as its form allows: most patterns end with their only
 * star.
 */
export function matcherOf(pattern: string): (text: string) => boolean {
  if (pattern === '*') return () => true;
  const stars = pattern.split('*').length - 1;
  if (pattern.includes('?') || stars > 1) {
    const units = wildcardOf(pattern);
    return (text) => matches(units, text);
  }
  if (stars === 0) return (text) => text === pattern;
  const at = pattern.indexOf('*');
  const [start, end] = [pattern.slice(0, at), pattern.slice(at + 1)];
  const least = start.length + end.length;
  return (text) => text.length >= least && text.startsWith(start) && text.endsWith(end);
}
