import type { AttributeValue } from './attribute-value.ts';

/** Of one type and the same: sets in any order, numbers by value, lists and maps member by member. */
export function equal(a: AttributeValue, b: AttributeValue): boolean {
  throw new Error(`soon: ${a} ${b}`);
}
