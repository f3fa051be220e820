/**
 * A value of an item, as the wire has it but decoded: exactly one of the members. Numbers are in DynamoDB's
 * canonical text, so two are equal when their texts are; members of sets are distinct and at least one.
 * A value is never changed in place.
 */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: Buffer }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly Buffer[] };

/** From names to values, without a prototype: `__proto__` is a name like any other. */
export type Item = { readonly [name: string]: AttributeValue };

/** An item that is being made. */
export type MutableItem = { [name: string]: AttributeValue };

/** The names of the types, as the wire and `attribute_type` have them. */
export type AttributeType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'L' | 'M' | 'SS' | 'NS' | 'BS';

/** A value as the wire may bring it: any number of the members, with numbers as any text. */
export type LooseValue = {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
  readonly B?: Buffer | undefined;
  readonly BOOL?: boolean | undefined;
  readonly NULL?: boolean | undefined;
  readonly L?: readonly LooseValue[] | undefined;
  readonly M?: LooseItem | undefined;
  readonly SS?: readonly string[] | undefined;
  readonly NS?: readonly string[] | undefined;
  readonly BS?: readonly Buffer[] | undefined;
};

export type LooseItem = { readonly [name: string]: LooseValue };

/** How some of AWS's errors call the types. */
export const typeNames: Readonly<Record<AttributeType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  L: 'LIST',
  M: 'MAP',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
};

export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) return type as AttributeType;
  throw new TypeError('an attribute value has one member');
}

/** Without a prototype and without attributes. */
export function emptyItem(): MutableItem {
  return Object.create(null) as MutableItem;
}

/** The attributes of an item may be changed in the copy; their values may not. */
export function copyOf(item: Item): MutableItem {
  const copy = emptyItem();
  for (const name in item) copy[name] = item[name]!;
  return copy;
}
