/**
 * A pattern of IAM's: the code units that it must have one after the other, among them `anyText` for `*` and
 * `anyUnit` for `?` (IAM user guide, "IAM JSON policy elements: Resource").
 */
export type Wildcard = readonly number[];

/** Stands for any characters, or none. */
export const anyText = -1;
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

/** Whether a text matches a pattern: at most as many steps as the product of the two lengths. */
export function matches(pattern: Wildcard, text: string): boolean {
  let at = 0;
  // The last star, and where the text continues after what it stands for.
  let lastStar = -1;
  let resumed = 0;
  for (let place = 0; place < text.length; ) {
    const unit = pattern[at];
    if (unit === anyText) {
      lastStar = at++;
      resumed = place;
    } else if (unit === anyUnit || unit === text.charCodeAt(place)) {
      at++;
      place++;
    } else if (lastStar !== -1) {
      at = lastStar + 1;
      place = ++resumed;
    } else {
      return false;
    }
  }
  while (pattern[at] === anyText) at++;
  return at === pattern.length;
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
