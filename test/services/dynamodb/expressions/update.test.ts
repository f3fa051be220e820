import assert from 'node:assert/strict';
import { test } from 'node:test';
import { project } from '../../../../src/services/dynamodb/expressions/projection.ts';
import { Substitutions } from '../../../../src/services/dynamodb/expressions/substitutions.ts';
import {
  requireKeyUntouched,
  updated,
  updateOf,
} from '../../../../src/services/dynamodb/expressions/update.ts';
import type { Item, LooseItem } from '../../../../src/services/dynamodb/values/attribute-value.ts';
import { checkedItem } from '../../../../src/services/dynamodb/values/checked-value.ts';

const key = checkedItem({ k: { S: 'a' } });
const before = checkedItem({
  k: { S: 'a' },
  a: { N: '1' },
  b: { N: '2' },
  l: { L: [{ S: '0' }, { S: '1' }, { S: '2' }] },
  m: { M: { x: { N: '1' }, y: { L: [{ N: '5' }] } } },
});

function update(text: string, values?: LooseItem, item: Item | undefined = before) {
  return updated(updateOf(text, new Substitutions(undefined, values)), item, key);
}

test('all actions see the item as it was before', () => {
  const { item } = update('SET a = b, b = a, l[0] = l[2], m.x = b + a REMOVE l[2]');
  assert.deepEqual([item['a'], item['b']], [{ N: '2' }, { N: '1' }]);
  assert.deepEqual(item['l'], { L: [{ S: '2' }, { S: '1' }] });
  assert.deepEqual(item['m'], checkedItem({ m: { M: { x: { N: '3' }, y: { L: [{ N: '5' }] } } } })['m']);
});

test('an update of an item that does not exist begins with its key', () => {
  const { item } = updated(
    updateOf('ADD a :n', new Substitutions(undefined, { ':n': { N: '1' } })),
    undefined,
    key,
  );
  assert.deepEqual({ ...item }, { k: { S: 'a' }, a: { N: '1' } });
});

test('an update that cannot be done whole is not done at all', () => {
  const copy = JSON.stringify(before);
  assert.throws(() => update('SET a = b, m.q.r = b'), {
    name: 'ValidationException',
    message: 'The document path provided in the update expression is invalid for update',
  });
  assert.equal(JSON.stringify(before), copy);
});

test('a set that loses its last member is gone', () => {
  const item = checkedItem({ k: { S: 'a' }, s: { BS: [Buffer.from('a'), Buffer.from('b')] } });
  const [one, both] = [[Buffer.from('b')], [Buffer.from('b'), Buffer.from('a')]];
  assert.deepEqual(update('DELETE s :s', { ':s': { BS: one } }, item).item['s'], { BS: [Buffer.from('a')] });
  assert(!('s' in update('DELETE s :s', { ':s': { BS: both } }, item).item));
});

test('what an update touched is shown as it was and as it became, and nothing beside it', () => {
  const { item, touched } = update('SET m.x = :n, l[1] = :n REMOVE a ADD c :n', { ':n': { N: '9' } });
  const shown = (of: Item) => JSON.parse(JSON.stringify(project({ paths: touched }, of)));
  assert.deepEqual(shown(before), { m: { M: { x: { N: '1' } } }, l: { L: [{ S: '1' }] }, a: { N: '1' } });
  assert.deepEqual(shown(item), { m: { M: { x: { N: '9' } } }, l: { L: [{ N: '9' }] }, c: { N: '9' } });
});

test('a key is not changed, nor is a part of it', () => {
  for (const text of ['SET k = :v', 'REMOVE k', 'SET k.a = :v', 'ADD k :v']) {
    const values = text.includes(':v') ? { ':v': { N: '1' } } : undefined;
    const change = updateOf(text, new Substitutions(undefined, values));
    assert.throws(() => requireKeyUntouched(change, ['k', 'r']), {
      message:
        'One or more parameter values were invalid: Cannot update attribute k. This attribute is part of the key',
    });
  }
});

test('an update nests no deeper than what is put', () => {
  const nested = (levels: number): object => (levels === 0 ? { S: 'x' } : { L: [nested(levels - 1)] });
  const item = checkedItem({ k: { S: 'a' }, m: { M: { a: { M: {} } } } });
  update('SET m.a.b = :v', { ':v': nested(29) }, item);
  assert.throws(() => update('SET m.a.b = :v', { ':v': nested(30) }, item), {
    message: /^Nesting Levels have exceeded supported limits/,
  });
  update('SET m = :v', { ':v': nested(31) }, item);
});

test("a counter's sum is exact where a double's would not be", () => {
  const item = checkedItem({ k: { S: 'a' }, n: { N: '9007199254740993' } });
  assert.deepEqual(update('ADD n :n', { ':n': { N: '2' } }, item).item['n'], { N: '9007199254740995' });
  assert.deepEqual(update('SET n = n - :n', { ':n': { N: '0.1' } }, item).item['n'], {
    N: '9007199254740992.9',
  });
});
