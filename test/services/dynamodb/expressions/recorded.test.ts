import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionOf, holds } from '../../../../src/services/dynamodb/expressions/condition.ts';
import { ExpressionCache } from '../../../../src/services/dynamodb/expressions/expression-cache.ts';
import { isInRange, keyConditionOf } from '../../../../src/services/dynamodb/expressions/key-condition.ts';
import { project, projectionOf } from '../../../../src/services/dynamodb/expressions/projection.ts';
import { Substitutions } from '../../../../src/services/dynamodb/expressions/substitutions.ts';
import {
  requireKeyUntouched,
  updated,
  updateOf,
} from '../../../../src/services/dynamodb/expressions/update.ts';
import {
  changesBetween,
  type JsonItem,
  looseItem,
  outcomeOf,
  rangeKeys,
  recorded,
  recordedItem,
  requireSame,
} from '../recorded/recorded.ts';

type Names = Record<string, string> | null;
type Case = [text: string, names: Names, values: JsonItem | null, outcome: unknown];

const key = { k: recordedItem['k']! };
const once = undefined;

/** Each text is tried as it is, and twice with one cache: what is kept of it has to say the same again. */
function asEver(outcome: (cache: ExpressionCache | undefined) => unknown): unknown {
  const cache = new ExpressionCache();
  const [first, ...others] = [once, cache, cache].map((kept) => outcomeOf(() => outcome(kept)));
  for (const other of others) assert.deepEqual(other, first);
  return first;
}

function substitutionsOf(names: Names, values: JsonItem | null): Substitutions {
  return new Substitutions(names ?? undefined, values === null ? undefined : looseItem(values));
}

test("conditions hold, or are refused, as by DynamoDB's own code", () => {
  for (const [text, names, values, expected] of recorded<Case>('conditions')) {
    const outcome = asEver((cache) => {
      const substitutions = substitutionsOf(names, values);
      const condition = conditionOf(text, 'ConditionExpression', substitutions, cache);
      substitutions.requireAllUsed();
      return holds(condition, recordedItem);
    });
    requireSame(text, outcome, expected);
  }
});

test("updates change an item, or are refused, as by DynamoDB's own code", () => {
  for (const [text, names, values, expected] of recorded<Case>('updates')) {
    const outcome = asEver((cache) => {
      const substitutions = substitutionsOf(names, values);
      const update = updateOf(text, substitutions, cache);
      substitutions.requireAllUsed();
      requireKeyUntouched(update, ['k']);
      return changesBetween(recordedItem, updated(update, recordedItem, key).item);
    });
    requireSame(text, outcome, expected);
  }
});

test("projections show, or are refused, as by DynamoDB's own code", () => {
  for (const [text, names, expected] of recorded<[string, Names, unknown]>('projections')) {
    const outcome = asEver((cache) => {
      const substitutions = substitutionsOf(names, null);
      const projection = projectionOf(text, substitutions, cache);
      substitutions.requireAllUsed();
      return project(projection, recordedItem);
    });
    requireSame(text, outcome, expected);
  }
});

test("key conditions find, or are refused, as by DynamoDB's own code", () => {
  type KeyCase = [text: string, type: 'S' | 'N', names: Names, values: JsonItem | null, outcome: unknown];
  for (const [text, type, names, values, expected] of recorded<KeyCase>('key-conditions')) {
    const outcome = asEver((cache) => {
      const substitutions = substitutionsOf(names, values);
      const schema = { hash: { name: 'h', type: 'S' }, range: { name: 'r', type } } as const;
      const { range } = keyConditionOf(text, substitutions, schema, cache);
      substitutions.requireAllUsed();
      return rangeKeys[type].filter((value) => range === undefined || isInRange(range, keyOf(type, value)));
    });
    requireSame(`${text}, ${type}`, outcome, expected);
  }
});

function keyOf(type: 'S' | 'N', value: string) {
  return type === 'S' ? { S: value } : { N: value };
}
