import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  isInRange,
  type RangeCondition,
} from '../../../../src/services/dynamodb/expressions/key-condition.ts';
import { placeOf, segmentStretch, stretchOf } from '../../../../src/services/dynamodb/tables/places.ts';
import { equal } from '../../../../src/services/dynamodb/values/equality.ts';
import { segmentOf } from '../../../../src/services/dynamodb/values/key-bytes.ts';
import { compare } from '../../../../src/services/dynamodb/values/order.ts';
import { arbitraryKey } from './arbitrary-item.ts';

const hash = { S: 'lease' };

function isWithin(place: string, { from, end }: { from: string; end: string | undefined }): boolean {
  return place >= from && (end === undefined || place < end);
}

for (const type of ['S', 'N', 'B'] as const) {
  test(`a query by a range key of type ${type} is about the items that its condition holds for, in their order`, () => {
    const key = arbitraryKey[type];
    fc.assert(
      fc.property(key, key, key, (range, value, other) => {
        const [low, high] = compare(value, other)! <= 0 ? [value, other] : [other, value];
        const conditions: RangeCondition[] = [
          ...(['=', '<', '<=', '>', '>='] as const).map((operator) => ({ operator, value })),
          { operator: 'between', low, high },
          ...(type === 'N' ? [] : [{ operator: 'begins_with', value } as const]),
        ];
        for (const tail of ['', placeOf([{ S: 'of the table' }])]) {
          const place = placeOf([hash, range], tail);
          for (const condition of conditions) {
            const isFound = isWithin(place, stretchOf({ hash, range: condition }));
            assert.equal(isFound, isInRange(condition, range), condition.operator);
          }
          assert.ok(isWithin(place, stretchOf({ hash })));
          const order = Math.sign(compare(range, value)!);
          const places = place < placeOf([hash, value], tail) ? -1 : 1;
          assert.equal(order === 0 ? 0 : places, order);
        }
      }),
      { numRuns: 150, examples: type === 'S' ? [[{ S: 'a\0' }, { S: 'a' }, { S: 'a' }]] : [] },
    );
  });
}

test('a query by a hash key is about no other, and each segment of a scan has the hash keys that are its own', () => {
  fc.assert(
    fc.property(arbitraryKey.S, arbitraryKey.S, fc.integer({ min: 1, max: 1000 }), (one, other, segments) => {
      const place = placeOf([one, { N: '1' }]);
      assert.equal(isWithin(place, stretchOf({ hash: other })), equal(one, other));
      const segment = segmentOf(one, segments);
      for (const near of [segment - 1, segment, segment + 1]) {
        if (near < 0 || near >= segments) continue;
        assert.equal(isWithin(place, segmentStretch(near, segments)), near === segment);
      }
    }),
    { numRuns: 150 },
  );
});
