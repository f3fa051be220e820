import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkedItem, checkedValue } from '../../../../src/services/dynamodb/values/checked-value.ts';
import { equal } from '../../../../src/services/dynamodb/values/equality.ts';
import { compare } from '../../../../src/services/dynamodb/values/order.ts';
import { sizeOf, sizeOfValue } from '../../../../src/services/dynamodb/values/size.ts';

test("an attribute's name may be that of a prototype's member", () => {
  const item = checkedItem(JSON.parse('{"__proto__":{"S":"a"},"constructor":{"M":{"toString":{"N":"1"}}}}'));
  assert.equal(item['toString'], undefined);
  assert.equal(Object.keys(item)[1], 'constructor');
  assert.deepEqual(Object.entries(item)[0], ['__proto__', { S: 'a' }]);
});

test('half a character becomes the one that stands for none, so that texts and their bytes agree', () => {
  assert.deepEqual(checkedValue({ S: 'a\ud800b' }), { S: 'a\ufffdb' });
  assert.deepEqual(checkedValue({ SS: ['\udc00'] }), { SS: ['\ufffd'] });
  assert.throws(() => checkedValue({ SS: ['\udc00', '\ud800'] }), { message: /contains duplicates/ });
});

test('sets are equal in any order, and lists are not', () => {
  const same: [object, object][] = [
    [{ SS: ['b', 'a'] }, { SS: ['a', 'b'] }],
    [{ NS: ['1e1', '2'] }, { NS: ['2.0', '10'] }],
    [{ BS: [Buffer.from('b'), Buffer.from('a')] }, { BS: [Buffer.from('a'), Buffer.from('b')] }],
    [{ L: [{ M: { a: { SS: ['x', 'y'] } } }] }, { L: [{ M: { a: { SS: ['y', 'x'] } } }] }],
  ];
  for (const [a, b] of same) assert(equal(checkedValue(a), checkedValue(b)), JSON.stringify([a, b]));
  const different: [object, object][] = [
    [{ L: [{ S: 'b' }, { S: 'a' }] }, { L: [{ S: 'a' }, { S: 'b' }] }],
    [{ SS: ['a'] }, { L: [{ S: 'a' }] }],
    [{ M: { a: { S: 'a' } } }, { M: { a: { S: 'a' }, b: { S: 'a' } } }],
    [{ M: { a: { S: 'a' }, b: { S: 'a' } } }, { M: { a: { S: 'a' } } }],
    [{ N: '1' }, { S: '1' }],
    [{ BOOL: true }, { BOOL: false }],
    [{ NULL: true }, { BOOL: true }],
  ];
  for (const [a, b] of different) assert(!equal(checkedValue(a), checkedValue(b)), JSON.stringify([a, b]));
});

test('only scalars of one type have an order', () => {
  assert(compare({ S: '\u{ffee}' }, { S: '\u{1f600}' })! < 0, 'by UTF-8, not by UTF-16');
  assert(compare({ B: Buffer.from([0x7f]) }, { B: Buffer.from([0x80]) })! < 0, 'bytes are unsigned');
  assert(compare({ N: '9' }, { N: '10' })! < 0);
  assert.equal(compare({ N: '9' }, { S: '9' }), undefined);
  assert.equal(compare({ BOOL: true }, { BOOL: false }), undefined);
});

// DynamoDB developer guide, "DynamoDB item sizes and formats".
test('an item is as large as the developer guide says', () => {
  const sizes: [object, number][] = [
    [{ S: 'aé\u{1f600}' }, 1 + 2 + 4],
    [{ B: Buffer.alloc(7) }, 7],
    [{ BOOL: false }, 1],
    [{ NULL: true }, 1],
    [{ N: '0' }, 1],
    [{ N: '7' }, 1 + 1],
    [{ N: '-7' }, 1 + 1 + 1],
    [{ N: '12' }, 1 + 1],
    [{ N: '123' }, 2 + 1],
    [{ N: '1200' }, 1 + 1],
    [{ N: '120' }, 2 + 1],
    [{ N: '0.12' }, 1 + 1],
    [{ N: '0.012' }, 2 + 1],
    [{ N: '9'.repeat(38) }, 19 + 1],
    [{ SS: ['a', 'bc'] }, 3],
    [{ NS: ['1', '2'] }, 4],
    [{ BS: [Buffer.alloc(2), Buffer.alloc(3)] }, 5],
    [{ L: [] }, 3],
    [{ L: [{ S: 'ab' }, { NULL: true }] }, 3 + (1 + 2) + (1 + 1)],
    [{ M: { a: { S: 'x' }, bc: { L: [] } } }, 3 + (1 + 1 + 1) + (1 + 2 + 3)],
  ];
  for (const [value, size] of sizes) {
    assert.equal(sizeOfValue(checkedValue(value)), size, JSON.stringify(value));
  }
  assert.equal(sizeOf(checkedItem({ naïve: { S: 'x' }, n: { N: '1' } })), 6 + 1 + 1 + 2);
});

test('nesting ends at 32 levels, whatever a value has below them', () => {
  const nested = (levels: number): object =>
    levels === 0 ? { S: 'x' } : levels % 2 ? { L: [nested(levels - 1)] } : { M: { a: nested(levels - 1) } };
  checkedValue(nested(31));
  assert.throws(() => checkedValue(nested(32)), {
    message: /^Nesting Levels have exceeded supported limits/,
  });
  let deep: object = { S: 'x' };
  for (let level = 0; level < 50_000; level++) deep = { L: [deep] };
  assert.throws(() => checkedValue(deep), { message: /^Nesting Levels have exceeded supported limits/ });
});
