import assert from 'node:assert/strict';
import { conditionOf, holds } from '../../src/services/dynamodb/expressions/condition.ts';
import { ExpressionCache } from '../../src/services/dynamodb/expressions/expression-cache.ts';
import { isInRange, keyConditionOf } from '../../src/services/dynamodb/expressions/key-condition.ts';
import { project, projectionOf } from '../../src/services/dynamodb/expressions/projection.ts';
import { Substitutions } from '../../src/services/dynamodb/expressions/substitutions.ts';
import { updated, updateOf } from '../../src/services/dynamodb/expressions/update.ts';
import { checkedItem } from '../../src/services/dynamodb/values/checked-value.ts';
import { areEqualItems } from '../../src/services/dynamodb/values/equality.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { seedsOf, type Target } from '../target.ts';

const key = checkedItem({ k: { S: 'a' } });
const item = checkedItem({
  k: { S: 'a' },
  a: { S: 'abc' },
  n: { N: '-5.5' },
  b: { B: Buffer.from([0, 255]) },
  l: { L: [{ N: '1' }, { L: [{ N: '9' }] }, { M: { x: { N: '3' } } }] },
  m: { M: { x: { N: '1' }, y: { M: { z: { S: 'q' } } } } },
  s: { SS: ['a', 'b'] },
  t: { BOOL: true },
});
const schema = { hash: { name: 'k', type: 'S' }, range: { name: 'n', type: 'N' } } as const;
const cache = new ExpressionCache();

/**
 * Any text as an expression of each kind: it says something, or is refused with a ValidationException. It
 * says the same when it is kept. What an update makes of an item is an item that could have been put, and the
 * one that it was given stays as it is.
 */
export const dynamodbExpressionsTarget: Target = {
  name: 'dynamodb-expressions',
  seeds: seedsOf(
    'attribute_exists(a) AND NOT (n <> :n OR size(l) >= :n) AND a IN (:s, m.y.z)',
    'n BETWEEN :n AND l[2].x OR begins_with(a, :s) OR contains(s, :s) OR attribute_type(#m.x, :N)',
    'SET n = n - :n, l[9] = if_not_exists(zz, :s), m.q = list_append(l, :l) REMOVE l[0], a ADD b.c :n DELETE s :ss',
    'a, l[1][0], m.#x.z, #n',
    'k = :s AND n BETWEEN :n AND :n',
    '((((((((((',
    'NOT NOT NOT a = a',
  ),
  words: [
    ...['SET ', 'REMOVE ', 'ADD ', 'DELETE ', ' AND ', ' OR ', 'NOT ', ' BETWEEN ', ' IN '],
    ...['attribute_exists(', 'attribute_not_exists(', 'attribute_type(', 'begins_with(', 'contains('],
    ...['size(', 'if_not_exists(', 'list_append(', 'foo(', '(', ')', '[', ']', ',', '.', '='],
    ...['<>', '<', '<=', '>', '>=', '+', '-', ':n', ':s', ':l', ':ss', ':N', ':b', ':t', '#m', '#x', '#n'],
    ...['k', 'a', 'n', 'b', 'l', 'm.x', 'm.y.z', 's', 't', '[0]', '[99]', '[99999999999]', 'abort', 'é'],
    ...[
      '((((((((((((((((',
      'NOT NOT NOT NOT NOT NOT ',
      'size(size(size(size(',
      'a.b.c.d.e.f.g.h.',
      ':u',
      '#u',
    ],
  ],
  bytesMax: 4_200,
  run: (input) => {
    const text = input.toString();
    return [conditionSays, updateSays, projectionSays, keyConditionSays].map((says) => says(text)).join('; ');
  },
};

function substitutions(): Substitutions {
  return new Substitutions(
    { '#m': 'm', '#x': 'x', '#n': 'n' },
    {
      ...{ ':n': { N: '2' }, ':s': { S: 'a' }, ':b': { B: Buffer.from([0]) }, ':t': { BOOL: true } },
      ...{ ':l': { L: [{ N: '1' }] }, ':ss': { SS: ['a', 'c'] }, ':N': { S: 'N' } },
    },
  );
}

function conditionSays(text: string): string {
  const said = [undefined, cache, cache].map((kept) =>
    outcomeOf(() => {
      const condition = conditionOf(text, 'FilterExpression', substitutions(), kept);
      return `${condition.kind} ${holds(condition, item)} ${holds(condition, undefined)}`;
    }),
  );
  return same(said);
}

function updateSays(text: string): string {
  const said = [undefined, cache, cache].map((kept) =>
    outcomeOf(() => {
      const update = updateOf(text, substitutions(), kept);
      const before = JSON.stringify(item);
      const { item: after, touched } = updated(update, item, key);
      assert.equal(JSON.stringify(item), before, 'the item that was given');
      assert(areEqualItems(checkedItem(after), after), 'what an update makes could have been put');
      project({ paths: touched }, after);
      return update.actions.map((action) => action.kind).join();
    }),
  );
  return same(said);
}

function projectionSays(text: string): string {
  const said = [undefined, cache, cache].map((kept) =>
    outcomeOf(() => {
      const projected = project(projectionOf(text, substitutions(), kept), item);
      assert(Object.keys(projected).every((name) => name in item));
      return Object.keys(projected).join();
    }),
  );
  return same(said);
}

function keyConditionSays(text: string): string {
  const said = [undefined, cache, cache].map((kept) =>
    outcomeOf(() => {
      const { range } = keyConditionOf(text, substitutions(), schema, kept);
      return range === undefined ? 'hash' : `${range.operator} ${isInRange(range, item['n']!)}`;
    }),
  );
  return same(said);
}

function same(said: readonly string[]): string {
  for (const other of said) assert.equal(other, said[0], 'what is kept of a text');
  // Names, texts and counts of the input would make every input one that was not seen before.
  return said[0]!.replace(/[":;].*/s, '').replace(/\d+/g, '');
}

function outcomeOf(run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.type !== 'ValidationException') throw error;
    return error.message.replace(/^Invalid \w+: /, '');
  }
}
