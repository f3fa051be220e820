import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributes } from '../../../../src/services/dynamodb/parts/item-shapes.ts';
import { ByteWriter } from '../../../../src/services/dynamodb/tables/byte-text.ts';
import { encodeItem, isAlike } from '../../../../src/services/dynamodb/tables/encoded-item.ts';
import { FoundItem } from '../../../../src/services/dynamodb/tables/found-item.ts';
import type { Item } from '../../../../src/services/dynamodb/values/attribute-value.ts';
import { checkedItem } from '../../../../src/services/dynamodb/values/checked-value.ts';
import { json10 } from '../../../../src/wire/json/json.ts';
import { structure } from '../../../../src/wire/shape.ts';

const keySchema = { hash: { name: 'id', type: 'S' }, range: undefined } as const;
const answer = structure('Answer', { Item: attributes });

function encoded(item: Item): string {
  return encodeItem(new ByteWriter(), keySchema, item);
}

function itemOf(more: Item): Item {
  return checkedItem({ id: { S: 'ada' }, ...more });
}

test('an item that was found is written as its shape writes it, with values of all types', () => {
  const inner = { M: { ü: { S: '"\\\n€' }, __proto: { L: [{ N: '1' }, { M: {} }, { L: [] }] } } };
  const item = itemOf({
    ...{ text: { S: '' }, number: { N: '-12.5' }, bytes: { B: Buffer.from([0, 255, 128]) } },
    ...{ yes: { BOOL: true }, no: { BOOL: false }, nothing: { NULL: true }, inner },
    ...{ texts: { SS: ['ä', 'b'] }, numbers: { NS: ['1', '2'] }, all: { BS: [Buffer.from('x')] } },
    ...{ writeEntries: { S: 'a name like any other' } },
  });
  const found = new FoundItem({ size: 1, bytes: encoded(item) });
  assert.equal(
    json10.encode({ Item: found }, answer).toString(),
    json10.encode({ Item: item }, answer).toString(),
  );
  assert.deepEqual(found.item, item);
});

test('an index sees a change of an attribute that it has, and none of another', () => {
  const names = new Set(['id', 'owner']);
  const before = encoded(itemOf({ owner: { S: 'a' }, counter: { N: '1' } }));
  assert.ok(isAlike(before, encoded(itemOf({ owner: { S: 'a' }, counter: { N: '2' } })), names));
  assert.ok(!isAlike(before, encoded(itemOf({ owner: { S: 'b' }, counter: { N: '1' } })), names));
  assert.ok(!isAlike(before, encoded(itemOf({ owner: { N: '1' }, counter: { N: '1' } })), names));
  assert.ok(!isAlike(before, encoded(itemOf({ counter: { N: '1' } })), names));
});
