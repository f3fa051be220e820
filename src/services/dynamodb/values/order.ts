import type { AttributeValue } from './attribute-value.ts';
import { compareNumbers } from './decimal.ts';

/**
 * Below, at or above 0, as `a` comes before, is, or comes after `b`: numbers by value, strings by the bytes
 * of their UTF-8, binaries by their unsigned bytes. Undefined for other types, and for two that differ.
 */
export function compare(a: AttributeValue, b: AttributeValue): number | undefined {
  if ('S' in a) return 'S' in b ? compareStrings(a.S, b.S) : undefined;
  if ('N' in a) return 'N' in b ? compareNumbers(a.N, b.N) : undefined;
  if ('B' in a) return 'B' in b ? Buffer.compare(a.B, b.B) : undefined;
  return undefined;
}

/**
 * By the bytes of their UTF-8, which is the order of code points and not that of JavaScript's UTF-16 units.
 */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rankOf(x) - rankOf(y);
  }
  return a.length - b.length;
}

/** Surrogates are about code points from 0x10000 on, and come after all other units. */
function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
