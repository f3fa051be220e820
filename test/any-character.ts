import fc from 'fast-check';

/** Where the halves of pairs begin, and how many there are (the Unicode Standard, 3.8). */
const firstHalf = 0xd800;
const halves = 0x800;

/**
 * The unit of strings of any characters but halves of pairs. It is what `unit: 'binary'` means, which first
 * makes a table of them all, for a second.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat({ max: 0x10_ffff - halves })
  .map(characterOf, ordinalOf);

function characterOf(ordinal: number): string {
  return String.fromCodePoint(ordinal < firstHalf ? ordinal : ordinal + halves);
}

function ordinalOf(character: unknown): number {
  const point = typeof character === 'string' ? character.codePointAt(0) : undefined;
  if (point === undefined || String.fromCodePoint(point) !== character) throw new Error('not one character');
  if (point < firstHalf) return point;
  if (point < firstHalf + halves) throw new Error('half of a pair');
  return point - halves;
}
