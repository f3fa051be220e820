import { test } from 'node:test';
import { holds } from '../../../../src/services/dynamodb/expressions/condition.ts';
import { isInRange } from '../../../../src/services/dynamodb/expressions/key-condition.ts';
import { requireKeyUntouched, updated } from '../../../../src/services/dynamodb/expressions/update.ts';
import { updateOfLegacy } from '../../../../src/services/dynamodb/legacy/attribute-updates.ts';
import {
  conditionOfExpected,
  conditionOfFilter,
  keyConditionOfLegacy,
  type LegacyCondition,
} from '../../../../src/services/dynamodb/legacy/legacy-condition.ts';
import type { LooseValue } from '../../../../src/services/dynamodb/values/attribute-value.ts';
import {
  changesBetween,
  type JsonValue,
  looseValue,
  outcomeOf,
  rangeKeys,
  recorded,
  recordedItem,
  requireSame,
} from '../recorded/recorded.ts';

/** A member of one of the parameters, as JSON has it. */
type Member = {
  readonly Value?: JsonValue;
  readonly AttributeValueList?: readonly JsonValue[];
  readonly ComparisonOperator?: string;
  readonly Exists?: boolean;
  readonly Action?: string;
};
type Members = Readonly<Record<string, Member>>;

test("Expected holds, or is refused, as by DynamoDB's own code", () => {
  for (const [expected, operator, outcome] of recorded<[Members, 'AND' | 'OR' | null, unknown]>('expected')) {
    const found = outcomeOf(() => {
      const condition = conditionOfExpected(loose(expected), operator ?? undefined);
      return condition === undefined || holds(condition, recordedItem);
    });
    requireSame(JSON.stringify([expected, operator]), found, outcome);
  }
});

test('a filter holds as Expected does with the same operators', () => {
  for (const [expected, operator, outcome] of recorded<[Members, 'AND' | 'OR' | null, unknown]>('expected')) {
    const isFilter = Object.values(expected).every((member) => {
      return member.ComparisonOperator !== undefined && member.AttributeValueList !== undefined;
    });
    if (!isFilter || Object.values(expected).some((member) => 'Value' in member || 'Exists' in member))
      continue;
    const found = outcomeOf(() => {
      const condition = conditionOfFilter(withOperators(expected), operator ?? undefined);
      return condition === undefined || holds(condition, recordedItem);
    });
    requireSame(JSON.stringify([expected, operator]), found, outcome);
  }
});

test("AttributeUpdates change an item, or are refused, as by DynamoDB's own code", () => {
  for (const [updates, isNew, outcome] of recorded<[Members, boolean, unknown]>('attribute-updates')) {
    const found = outcomeOf(() => {
      const update = updateOfLegacy(loose(updates));
      requireKeyUntouched(update, ['k']);
      const key = isNew ? { k: { S: 'new' } } : { k: recordedItem['k']! };
      const { item } = updated(update, isNew ? undefined : recordedItem, key);
      return changesBetween(isNew ? key : recordedItem, item);
    });
    requireSame(JSON.stringify([updates, isNew]), found, outcome);
  }
});

test("KeyConditions find, or are refused, as by DynamoDB's own code", () => {
  for (const [conditions, type, outcome] of recorded<[Members, 'S' | 'N', unknown]>(
    'legacy-key-conditions',
  )) {
    const found = outcomeOf(() => {
      const schema = { hash: { name: 'h', type: 'S' }, range: { name: 'r', type } } as const;
      const { range } = keyConditionOfLegacy(withOperators(conditions), schema);
      return rangeKeys[type].filter((value) => {
        return range === undefined || isInRange(range, type === 'S' ? { S: value } : { N: value });
      });
    });
    requireSame(JSON.stringify([conditions, type]), found, outcome);
  }
});

type LooseMember = Omit<Member, 'Value' | 'AttributeValueList'> & {
  Value?: LooseValue;
  AttributeValueList?: readonly LooseValue[];
};

function withOperators(members: Members): Readonly<Record<string, LegacyCondition>> {
  const result: Record<string, LegacyCondition> = {};
  for (const [name, { ComparisonOperator = '', AttributeValueList: list }] of Object.entries(
    loose(members),
  )) {
    result[name] = { ComparisonOperator, AttributeValueList: list };
  }
  return result;
}

function loose(members: Members): Readonly<Record<string, LooseMember>> {
  const result: Record<string, LooseMember> = {};
  for (const [name, { Value: value, AttributeValueList: list, ...rest }] of Object.entries(members)) {
    result[name] = {
      ...rest,
      ...(value === undefined ? {} : { Value: looseValue(value) }),
      ...(list === undefined ? {} : { AttributeValueList: list.map(looseValue) }),
    };
  }
  return result;
}
