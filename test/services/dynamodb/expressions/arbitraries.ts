import fc from 'fast-check';
import type { Condition, Operand } from '../../../../src/services/dynamodb/expressions/condition.ts';
import type { Path } from '../../../../src/services/dynamodb/expressions/path.ts';
import {
  type AttributeValue,
  emptyItem,
  type Item,
} from '../../../../src/services/dynamodb/values/attribute-value.ts';
import { checkedValue } from '../../../../src/services/dynamodb/values/checked-value.ts';

/** Few names and values, so that they meet. */
const names = fc.constantFrom('a', 'b', 'c');
const scalars: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'b').map((S) => ({ S })),
  fc.integer({ min: -3, max: 3 }).map((n) => ({ N: String(n) })),
  fc.constantFrom('', 'a', 'ab').map((text) => ({ B: Buffer.from(text) })),
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant({ NULL: true } as const),
);
const sets: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }).map((SS) => checkedValue({ SS })),
  fc.uniqueArray(fc.constantFrom('1', '2', '3'), { minLength: 1 }).map((NS) => checkedValue({ NS })),
);

export const values: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: scalars },
    { weight: 1, arbitrary: sets },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })) },
    { weight: 2, arbitrary: members(tie('value')).map((M) => ({ M })) },
  ),
})).value;

function members(value: fc.Arbitrary<AttributeValue>): fc.Arbitrary<Item> {
  return fc
    .dictionary(names, value, { maxKeys: 3, noNullPrototype: true })
    .map((entries) => Object.assign(emptyItem(), entries));
}

export const items: fc.Arbitrary<Item> = members(values);

export const paths: fc.Arbitrary<Path> = fc
  .tuple(names, fc.array(fc.oneof(names, fc.nat({ max: 3 })), { maxLength: 2 }))
  .map(([first, rest]): Path => [first, ...rest]);

const places: fc.Arbitrary<Operand> = paths.map((path) => ({ kind: 'path', path }));
const given: fc.Arbitrary<Operand> = values.map((value) => ({ kind: 'value', value }));
const sizes: fc.Arbitrary<Operand> = places.map((of) => ({ kind: 'size', of }));
const operands = fc.oneof(places, given, sizes);
const orderable: fc.Arbitrary<Operand> = fc
  .constantFrom('1', '2')
  .map((N) => ({ kind: 'value', value: { N } }));
const texts: fc.Arbitrary<Operand> = fc.constantFrom('a', 'b').map((S) => ({ kind: 'value', value: { S } }));

const simple: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant('compare' as const),
    comparator: fc.constantFrom('=' as const, '<>' as const),
    left: operands,
    right: operands,
  }),
  fc.record({
    kind: fc.constant('compare' as const),
    comparator: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const),
    left: fc.oneof(places, sizes),
    right: fc.oneof(orderable, texts),
  }),
  fc.record({
    kind: fc.constant('between' as const),
    operand: places,
    low: fc.constant({ kind: 'value', value: { N: '0' } } as const),
    high: orderable,
  }),
  fc.record({
    kind: fc.constant('in' as const),
    operand: sizes,
    among: fc.array(operands, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constantFrom('exists' as const, 'not-exists' as const), path: paths }),
  fc.record({
    kind: fc.constant('type' as const),
    operand: places,
    type: fc.constantFrom('S' as const, 'N' as const, 'L' as const, 'SS' as const),
  }),
  fc.record({ kind: fc.constant('begins-with' as const), left: places, right: texts }),
  fc.record({ kind: fc.constant('contains' as const), left: places, right: given }),
);

/** Those that no expression is refused for, but for an attribute that is compared with itself. */
export const conditions: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    { weight: 2, arbitrary: simple },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        left: tie('condition'),
        right: tie('condition'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('not' as const), condition: tie('condition') }) },
  ),
})).condition;
