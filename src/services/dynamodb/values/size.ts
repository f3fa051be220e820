import type { AttributeValue, Item } from './attribute-value.ts';

/** In bytes, as DynamoDB counts them: names and values in UTF-8, numbers by their significant digits. */
export function sizeOf(item: Item): number {
  throw new Error(`soon: ${item}`);
}

/** In bytes, without the name of its attribute. */
export function sizeOfValue(value: AttributeValue): number {
  throw new Error(`soon: ${value}`);
}
