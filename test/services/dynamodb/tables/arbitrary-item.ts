import fc from 'fast-check';
import {
  type AttributeValue,
  copyOf,
  type Item,
} from '../../../../src/services/dynamodb/values/attribute-value.ts';

const text = fc.oneof(fc.string({ maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 8 }));
const number = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc.constantFrom('1E+125', '-9.9E-129', '0.1', '-0.25', '12345678901234567890123456789012345678'),
);
const binary = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const name = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'checkpoint'));

/** An item of whatever DynamoDB has. */
export const arbitraryItem: fc.Arbitrary<Item> = fc.letrec<{ value: AttributeValue; item: Item }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text.map((S) => ({ S })),
    number.map((N) => ({ N })),
    binary.map((B) => ({ B })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true } as const),
    fc.uniqueArray(text, { minLength: 1, maxLength: 3 }).map((SS) => ({ SS })),
    fc.uniqueArray(number, { minLength: 1, maxLength: 3 }).map((NS) => ({ NS })),
    fc.array(binary, { minLength: 1, maxLength: 3 }).map((BS) => ({ BS })),
    fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })),
    tie('item').map((M) => ({ M })),
  ),
  item: fc
    .array(fc.tuple(name, tie('value')), { maxLength: 5 })
    .map((pairs) => pairs.reduce((item, [key, value]) => withAttribute(item, key, value), copyOf({}))),
})).item;

function withAttribute(item: Item, key: string, value: AttributeValue): Item {
  const changed = copyOf(item);
  changed[key] = value;
  return changed;
}

/** A key of one type. */
export const arbitraryKey: { readonly [type in 'S' | 'N' | 'B']: fc.Arbitrary<AttributeValue> } = {
  S: fc
    .oneof(
      fc.constantFrom('a', 'a\0', 'a\0b', 'ab', 'é', '\uffff', '😀'),
      fc.string({ unit: 'binary', minLength: 1 }),
    )
    .map((S) => ({ S })),
  N: number.map((N) => ({ N })),
  B: fc.uint8Array({ minLength: 1, maxLength: 3 }).map((bytes) => ({ B: Buffer.from(bytes) })),
};
