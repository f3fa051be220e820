import type { AttributeValue } from './attribute-value.ts';

/**
 * Below, at or above 0, as `a` comes before, is, or comes after `b`: numbers by value, strings by the bytes of
 * their UTF-8, binaries by their unsigned bytes. Undefined for other types, and for two that differ.
 */
export function compare(a: AttributeValue, b: AttributeValue): number | undefined {
  throw new Error(`soon: ${a} ${b}`);
}
