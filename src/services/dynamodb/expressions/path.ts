import type { AttributeValue, Item } from '../values/attribute-value.ts';

/** The way to a value in an item: the attribute's name first, then names in maps and indexes in lists. */
export type Path = readonly [string, ...(string | number)[]];

/** Undefined where there is nothing. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  throw new Error(`soon: ${item} ${path}`);
}
