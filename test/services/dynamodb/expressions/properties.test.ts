import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import '../../../property-seed.ts';
import {
  type Condition,
  conditionOf,
  holds,
} from '../../../../src/services/dynamodb/expressions/condition.ts';
import { project } from '../../../../src/services/dynamodb/expressions/projection.ts';
import { Substitutions } from '../../../../src/services/dynamodb/expressions/substitutions.ts';
import { updated, updateOf } from '../../../../src/services/dynamodb/expressions/update.ts';
import type { Item } from '../../../../src/services/dynamodb/values/attribute-value.ts';
import { checkedItem } from '../../../../src/services/dynamodb/values/checked-value.ts';
import { areEqualItems } from '../../../../src/services/dynamodb/values/equality.ts';
import { ServiceError } from '../../../../src/wire/service-error.ts';
import { asJson } from '../recorded/recorded.ts';
import { conditions, items, paths } from './arbitraries.ts';
import { condensed } from './condition-text.ts';

test('a condition that is written down and read again is the same condition', () => {
  let read = 0;
  fc.assert(
    fc.property(conditions, (condition) => {
      const { text, substitutions } = condensed(condition);
      const again = readAgain(text, substitutions());
      if (again === undefined) return;
      assert.deepEqual(asJson(again), asJson(condition), text);
      read++;
    }),
    { numRuns: 300 },
  );
  assert(read > 200, `${read} were conditions`);
});

/** Undefined where an attribute is compared with itself, which DynamoDB refuses. */
function readAgain(text: string, substitutions: Substitutions): Condition | undefined {
  try {
    const condition = conditionOf(text, 'ConditionExpression', substitutions);
    substitutions.requireAllUsed();
    return condition;
  } catch (error) {
    if (error instanceof ServiceError && /must be distinct/.test(error.message)) return undefined;
    throw error;
  }
}

test('a condition or its opposite holds, of any item', () => {
  fc.assert(
    fc.property(conditions, fc.option(items, { nil: undefined }), (condition, item) => {
      assert.notEqual(holds({ kind: 'not', condition }, item), holds(condition, item));
    }),
  );
});

const actionTexts: readonly string[] = [
  ...[
    'SET a = b',
    'SET a = :n',
    'SET a = if_not_exists(c, :l)',
    'SET a.b = c',
    'SET a[1] = b',
    'SET a[7] = :n',
  ],
  ...[
    'SET b = a',
    'SET b = b + :n',
    'SET b = :n - c',
    'SET b[0] = a',
    'SET b = list_append(b, :l)',
    'SET b.c = a',
  ],
  ...[
    'REMOVE a',
    'REMOVE a[0]',
    'REMOVE b.a',
    'REMOVE c',
    'ADD b :n',
    'ADD c :s',
    'ADD a.c :n',
    'DELETE c :s',
  ],
];
const given = { ':n': { N: '2' }, ':l': { L: [{ S: 'x' }] }, ':s': { SS: ['a', 'z'] } };
/** Any, and one that most of them can be done to. */
const targets = fc.oneof(
  items,
  fc.constant(
    checkedItem({
      a: { L: [{ S: '0' }, { S: '1' }, { S: '2' }] },
      b: { N: '5' },
      c: { SS: ['a', 'b'] },
    }),
  ),
);
const listActionTexts: readonly string[] = [
  ...['SET a[1] = b', 'SET a[5] = a[0]', 'SET a[4] = :n', 'REMOVE a[0]', 'REMOVE a[2]', 'REMOVE a[6]'],
];
const actions = fc.oneof(
  fc.subarray([...actionTexts], { minLength: 1, maxLength: 5 }),
  fc.subarray([...listActionTexts], { minLength: 2 }),
);

/** The text of one expression, each section once. */
function textOf(texts: readonly string[], names = ['SET', 'REMOVE', 'ADD', 'DELETE']): string {
  const sections = names.map((name) => {
    const own = texts.filter((text) => text.startsWith(name)).map((text) => text.slice(name.length));
    return own.length === 0 ? '' : `${name}${own.join(',')}`;
  });
  return sections.join(' ');
}

function outcomeOf(text: string, item: Item) {
  const key = checkedItem({ k: { S: 'key' } });
  try {
    return updated(updateOf(text, new Substitutions(undefined, given)), item, key);
  } catch (error) {
    if (error instanceof ServiceError && error.type === 'ValidationException') return undefined;
    throw error;
  }
}

test('in which order the actions of an update stand makes no difference: all see the item as it was', () => {
  let applied = 0;
  fc.assert(
    fc.property(actions, targets, (texts, item) => {
      const outcome = outcomeOf(textOf(texts), item);
      const backwards = textOf(texts.toReversed(), ['DELETE', 'ADD', 'REMOVE', 'SET']);
      const reversed = outcomeOf(backwards, item);
      assert.equal(reversed === undefined, outcome === undefined);
      if (outcome === undefined || reversed === undefined) return;
      assert(areEqualItems(outcome.item, reversed.item), textOf(texts));
      applied++;
    }),
    { numRuns: 600 },
  );
  assert(applied > 50, `${applied} were applied`);
});

test('an update makes an item that could have been put, and leaves the one it was given as it is', () => {
  fc.assert(
    fc.property(actions, targets, (texts, item) => {
      const before = JSON.stringify(item);
      const outcome = outcomeOf(textOf(texts), item);
      assert.equal(JSON.stringify(item), before);
      if (outcome !== undefined) assert(areEqualItems(checkedItem(outcome.item), outcome.item));
    }),
    { numRuns: 300 },
  );
});

test('a projection on all attributes shows the item, and one on a path shows what is there and no more', () => {
  fc.assert(
    fc.property(items, paths, (item, path) => {
      const all = Object.keys(item).map((name): [string] => [name]);
      assert.deepEqual(project({ paths: all }, item), item);
      const shown = project({ paths: [path] }, item);
      const isThere = holds({ kind: 'exists', path }, item);
      assert.deepEqual(Object.keys(shown), isThere ? [path[0]] : []);
    }),
  );
});
