import type { AttributeValue, Item } from '../values/attribute-value.ts';

/** The way to a value in an item: the attribute's name first, then names in maps and indexes in lists. */
export type Path = readonly [string, ...(string | number)[]];

/** Undefined where there is nothing. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value = item[path[0]];
  for (let i = 1; i < path.length && value !== undefined; i++) value = childOf(value, path[i]!);
  return value;
}

export function childOf(value: AttributeValue, part: string | number): AttributeValue | undefined {
  if (typeof part === 'number') return 'L' in value ? value.L[part] : undefined;
  return 'M' in value ? value.M[part] : undefined;
}

/** As AWS shows it in its errors. */
export function pathText(path: Path): string {
  return `[${path.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join(', ')}]`;
}

export function isSamePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}
