import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionOf, holds } from '../../../../src/services/dynamodb/expressions/condition.ts';
import { ExpressionCache } from '../../../../src/services/dynamodb/expressions/expression-cache.ts';
import { requireNoKeyAttributes } from '../../../../src/services/dynamodb/expressions/filter-keys.ts';
import { projectionOf } from '../../../../src/services/dynamodb/expressions/projection.ts';
import { Substitutions } from '../../../../src/services/dynamodb/expressions/substitutions.ts';
import { updateOf } from '../../../../src/services/dynamodb/expressions/update.ts';
import type { LooseItem } from '../../../../src/services/dynamodb/values/attribute-value.ts';

const refuses = (run: () => unknown, message: string) =>
  assert.throws(run, { name: 'ValidationException', message });

test('names and values may be used by any of the expressions of a request', () => {
  const substitutions = new Substitutions({ '#a': 'a', '#b': 'b' }, { ':v': { N: '1' }, ':w': { N: '2' } });
  updateOf('SET #a = :v', substitutions);
  refuses(
    () => substitutions.requireAllUsed(),
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}',
  );
  projectionOf('#b', substitutions);
  refuses(
    () => substitutions.requireAllUsed(),
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}',
  );
  conditionOf('#a = :w AND #b = :w', 'ConditionExpression', substitutions);
  substitutions.requireAllUsed();
});

test('names and values that are none are refused, with the key that they are of', () => {
  const names = 'ExpressionAttributeNames';
  const values = 'ExpressionAttributeValues';
  const cases: [Record<string, string> | undefined, LooseItem | undefined, string][] = [
    [{}, undefined, `${names} must not be empty`],
    [undefined, {}, `${values} must not be empty`],
    [{ a: 'x' }, undefined, `${names} contains invalid key: Syntax error; key: "a"`],
    [{ '#': 'x' }, undefined, `${names} contains invalid key: Syntax error; key: "#"`],
    [{ '#a-b': 'x' }, undefined, `${names} contains invalid key: Syntax error; key: "#a-b"`],
    [{ '#a': '' }, undefined, `${names} contains invalid value: Empty attribute name for key #a`],
    [
      { '#a': 'x'.repeat(65_536) },
      undefined,
      `${names} contains invalid value: Attribute name is too large, must be less than 65536 bytes for key #a`,
    ],
    [undefined, { '#v': { N: '1' } }, `${values} contains invalid key: Syntax error; key: "#v"`],
    [
      undefined,
      { ':v': { N: 'x' } },
      `${values} contains invalid value: The parameter cannot be converted to a numeric value: x for key :v`,
    ],
    [
      undefined,
      { ':v': {} },
      `${values} contains invalid value: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes for key :v`,
    ],
  ];
  for (const [name, value, problem] of cases) refuses(() => new Substitutions(name, value), problem);
});

test('a text that was kept takes the names and values of each request anew', () => {
  const cache = new ExpressionCache();
  const item = { a: { N: '1' }, b: { N: '2' } };
  const ask = (name: string, N: string) => {
    const substitutions = new Substitutions({ '#n': name }, { ':v': { N } });
    return holds(conditionOf('#n = :v', 'ConditionExpression', substitutions, cache), item);
  };
  assert.deepEqual([ask('a', '1'), ask('b', '1'), ask('b', '2'), ask('a', '2')], [true, false, true, false]);
});

test('what is undefined in a text that was kept is refused with the parameter that it came in', () => {
  const cache = new ExpressionCache();
  conditionOf('a = :v', 'FilterExpression', new Substitutions(undefined, { ':v': { N: '1' } }), cache);
  refuses(
    () => conditionOf('a = :v', 'ConditionExpression', new Substitutions(undefined, undefined), cache),
    'Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :v',
  );
});

test('a filter of a query is about other attributes than those of its key, however they are written', () => {
  const names = { '#r': 'r' };
  const values = { ':v': { N: '1' } };
  const ask = (text: string) => {
    const filter = conditionOf(text, 'FilterExpression', new Substitutions(names, values));
    requireNoKeyAttributes(filter, ['h', 'r'], 'Filter Expression');
  };
  ask('a = :v AND NOT (b.h < :v OR size(c) IN (:v, d)) OR attribute_exists(e)');
  const key = 'Filter Expression can only contain non-primary key attributes: Primary key attribute: r';
  for (const text of [
    '#r = :v',
    'a = :v OR NOT b = #r',
    'size(#r) > :v',
    'a IN (b, #r)',
    'contains(a, #r)',
  ]) {
    refuses(() => ask(text), key);
  }
  for (const text of ['a BETWEEN #r AND :v', 'attribute_not_exists(#r)', 'begins_with(#r, a)']) {
    refuses(() => ask(text), key);
  }
  refuses(
    () => ask('#r.x = :v'),
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: r",
  );
});
