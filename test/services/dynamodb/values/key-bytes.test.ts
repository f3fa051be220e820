import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import '../../../property-seed.ts';
import type { AttributeValue } from '../../../../src/services/dynamodb/values/attribute-value.ts';
import { checkedValue } from '../../../../src/services/dynamodb/values/checked-value.ts';
import { equal } from '../../../../src/services/dynamodb/values/equality.ts';
import { keyBytes, segmentOf } from '../../../../src/services/dynamodb/values/key-bytes.ts';
import { compare } from '../../../../src/services/dynamodb/values/order.ts';

const numbers = fc
  .tuple(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), fc.integer({ min: -130, max: 80 }))
  .map(([coefficient, exponent]) => `${coefficient}e${exponent}`);
const near = fc
  .tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -3, max: 1 }))
  .map(([coefficient, exponent]) => `${coefficient}e${exponent}`);

const keys: Readonly<Record<'S' | 'N' | 'B', fc.Arbitrary<AttributeValue>>> = {
  S: fc
    .oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.string({ unit: fc.constantFrom('a', '\u{ffee}', '\u{1f600}', '\u{d800}', 'é', '\0'), maxLength: 4 }),
    )
    .map((S) => checkedValue({ S })),
  N: fc.oneof(numbers, near).map((N) => checkedValue({ N })),
  B: fc.uint8Array({ maxLength: 4 }).map((bytes) => checkedValue({ B: Buffer.from(bytes) })),
};

for (const type of ['S', 'N', 'B'] as const) {
  test(`the bytes of two keys of type ${type} are in the order of the keys, and the same just for the same key`, () => {
    fc.assert(
      fc.property(keys[type], keys[type], (a, b) => {
        const order = Math.sign(compare(a, b)!);
        assert.equal(Math.sign(Buffer.compare(keyBytes(a), keyBytes(b))), order);
        assert.equal(equal(a, b), order === 0);
      }),
      { numRuns: 500 },
    );
  });
}

test('neighbours among numbers keep their order as bytes', () => {
  const ascending = ['-1e125', '-12.5', '-12', '-1', '-0.5', '-1e-130', '0', '1e-130', '0.099', '0.1', '1'];
  ascending.push('9.9', '10', '12', '12.5', '100', '9e125');
  const bytes = ascending.map((N) => keyBytes(checkedValue({ N })));
  assert.deepEqual(bytes.toSorted(Buffer.compare), bytes);
});

test('each key belongs to one segment of a scan, and the segments are about as large', () => {
  for (const segments of [1, 3, 10, 1_000_000]) {
    const counts = new Map<number, number>();
    for (let i = 0; i < 5_000; i++) {
      const key = { S: `shardId-${String(i).padStart(12, '0')}` };
      const segment = segmentOf(key, segments);
      assert.equal(segmentOf({ ...key }, segments), segment);
      assert(Number.isInteger(segment) && segment >= 0 && segment < segments);
      counts.set(segment, (counts.get(segment) ?? 0) + 1);
    }
    if (segments > 10) continue;
    for (const count of counts.values()) assert(Math.abs(count - 5_000 / segments) < 150, `${count}`);
    assert.equal(counts.size, segments);
  }
});
