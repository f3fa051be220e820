import type { AttributeValue, Item, LooseItem, LooseValue } from './attribute-value.ts';

/**
 * The value, with its numbers in canonical text. Throws a ValidationException with AWS's text for one that is
 * none: no type or two, a malformed number, an empty set or one with duplicates, too deep a nesting.
 */
export function checkedValue(value: LooseValue): AttributeValue {
  throw new Error(`soon: ${value}`);
}

/** The same for each attribute of an item. */
export function checkedItem(item: LooseItem): Item {
  throw new Error(`soon: ${item}`);
}
