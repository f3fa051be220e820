import { invalid, invalidValue } from '../errors.ts';
import type { KeySchema } from '../expressions/key-condition.ts';
import type { Table } from '../tables/table.ts';
import { type AttributeValue, emptyItem, type Item, typeOf } from '../values/attribute-value.ts';

type KeyPart = KeySchema['hash'];

/** Bytes of a hash key and of a range key (developer guide, "Quotas", "Partition keys and sort keys"). */
const hashBytesMax = 2048;
const rangeBytesMax = 1024;

/** Refuses what is not just the attributes of the table's key, with values of their types. */
export function requireKey({ keySchema }: Pick<Table, 'keySchema'>, key: Item): void {
  const parts = partsOf(keySchema);
  if (
    Object.keys(key).length !== parts.length ||
    !parts.every(({ name, type }) => hasType(key[name], type))
  ) {
    throw invalid('The provided key element does not match the schema');
  }
  for (const part of parts) requireKeyText(part, key[part.name]!, part === keySchema.hash);
}

/** Refuses an item that has not the key of the table, or an attribute of an index with another type. */
export function requireKeyed(table: Table, item: Item): void {
  for (const part of partsOf(table.keySchema)) {
    const { name, type } = part;
    const value = item[name];
    if (value === undefined) throw invalidValue(`Missing the key ${name} in the item`);
    if (!hasType(value, type)) {
      throw invalidValue(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
    }
    requireKeyText(part, value, part === table.keySchema.hash);
  }
  requireIndexed(table, item);
}

/** The second half of it: an item need not be in an index, but must not be in the way of one. */
export function requireIndexed({ indexes }: Table, item: Item): void {
  for (const { name: indexName, keySchema } of indexes) {
    for (const part of partsOf(keySchema)) {
      const { name, type } = part;
      const value = item[name];
      if (value === undefined) continue;
      if (!hasType(value, type)) {
        throw invalidValue(
          `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${indexName}`,
        );
      }
      if (bytesOf(value) === 0) {
        throw invalid(
          'One or more parameter values are not valid. A value specified for a secondary index key is not ' +
            `supported. The AttributeValue for a key attribute cannot contain an empty ${kindOf(type)} value. ` +
            `IndexName: ${indexName}, IndexKey: ${name}`,
        );
      }
      requireSize(value, part === keySchema.hash);
    }
  }
}

/** The attributes of the key, of an item that has more. */
export function keyOf({ keySchema }: Pick<Table, 'keySchema'>, item: Item): Item {
  const key = emptyItem();
  for (const { name } of partsOf(keySchema)) key[name] = item[name]!;
  return key;
}

/** Whether the attributes of the key are there, with values of their types. */
export function hasKey({ keySchema }: Pick<Table, 'keySchema'>, item: Item): boolean {
  return partsOf(keySchema).every(({ name, type }) => hasType(item[name], type));
}

export function partsOf({ hash, range }: KeySchema): readonly KeyPart[] {
  return range === undefined ? [hash] : [hash, range];
}

export function hasType(value: AttributeValue | undefined, type: string): boolean {
  return value !== undefined && Object.hasOwn(value, type);
}

function requireKeyText({ name, type }: KeyPart, value: AttributeValue, isHash: boolean): void {
  if (bytesOf(value) === 0) {
    throw invalid(
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an ' +
        `empty ${kindOf(type)} value. Key: ${name}`,
    );
  }
  requireSize(value, isHash);
}

/** Refuses a hash key to be looked for that is longer than any can be. */
export function requireHashSize(hash: AttributeValue): void {
  requireSize(hash, true);
}

/** The texts are AWS's, the missing space included. */
function requireSize(value: AttributeValue, isHash: boolean): void {
  const bytes = bytesOf(value);
  if (isHash && bytes > hashBytesMax) {
    throw invalidValue(`Size of hashkey has exceeded the maximum size limit of${hashBytesMax} bytes`);
  }
  if (!isHash && bytes > rangeBytesMax) {
    throw invalidValue(
      `Aggregated size of all range keys has exceeded the size limit of ${rangeBytesMax} bytes`,
    );
  }
}

/** Numbers are neither empty nor too large. */
function bytesOf(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  return 'B' in value ? value.B.length : 1;
}

const kindOf = (type: KeyPart['type']) => (type === 'S' ? 'string' : 'binary');
