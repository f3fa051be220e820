import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type {
  AttributeValue,
  Item,
  LooseItem,
  LooseValue,
} from '../../../../src/services/dynamodb/values/attribute-value.ts';
import { checkedItem } from '../../../../src/services/dynamodb/values/checked-value.ts';
import { ServiceError } from '../../../../src/wire/service-error.ts';

// What DynamoDB Local 2.5.4 (AWS's own code, com.amazonaws:DynamoDBLocal) answered: one case a line, as JSON.
// In each, the parameters come first and what came of them last: a text is the message of a
// ValidationException.

/** A value as JSON has it, with binaries in base64. */
export type JsonValue = { readonly [type: string]: unknown };
export type JsonItem = { readonly [name: string]: JsonValue };

export function recorded<Case>(name: string): readonly Case[] {
  const lines = readFileSync(new URL(`${name}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Case);
}

/** The item that conditions, updates and projections were tried on. */
export const recordedItem: Item = checkedItem(looseItem(recorded<JsonItem>('item')[0]!));

export function looseItem(item: JsonItem): LooseItem {
  const loose: { [name: string]: LooseValue } = {};
  for (const [name, value] of Object.entries(item)) loose[name] = looseValue(value);
  return loose;
}

export function looseValue(value: JsonValue): LooseValue {
  return Object.fromEntries(Object.entries(value).map(([type, member]) => [type, looseMember(type, member)]));
}

/** The range keys of the items that key conditions were tried on, in order. */
export const rangeKeys = {
  S: ['u', 'v', 'v-5', 'v1', 'v10', 'v2', 'w'],
  N: ['-5', '1', '2', '9', '10'],
};

/** Fails where the outcome is neither the recorded one nor one that differs from it knowingly. */
export function requireSame(label: string, outcome: unknown, expected: unknown): void {
  const known = knownDifferences.get(label);
  assert.deepEqual({ label, outcome: asJson(outcome) }, { label, outcome: known ?? expected });
}

/** What came of it: the message of a ValidationException, or what was returned. */
export function outcomeOf<Result>(run: () => Result): Result | string {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.type !== 'ValidationException') throw error;
    return asLocal(error.message);
  }
}

/** The attributes that are not as they were, null for those that are gone. */
export function changesBetween(
  before: Item,
  after: Item,
): { readonly [name: string]: AttributeValue | null } {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changes: { [name: string]: AttributeValue | null } = {};
  for (const name of [...names].sort()) {
    if (JSON.stringify(before[name]) === JSON.stringify(after[name])) continue;
    changes[name] = after[name] ?? null;
  }
  return changes;
}

/** Values as the recordings have them. */
export function asJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, member: unknown) =>
      isBuffer(member) ? Buffer.from(member.data).toString('base64') : member,
    ),
  );
}

function isBuffer(member: unknown): member is { readonly data: number[] } {
  return typeof member === 'object' && member !== null && 'type' in member && member.type === 'Buffer';
}

function looseMember(type: string, member: unknown): unknown {
  switch (type) {
    case 'B':
      return Buffer.from(String(member), 'base64');
    case 'BS':
      return (member as string[]).map((each) => Buffer.from(each, 'base64'));
    case 'L':
      return (member as JsonValue[]).map(looseValue);
    case 'M':
      return looseItem(member as JsonItem);
    default:
      return member;
  }
}

/**
 * Where DynamoDB Local has another text than the service, whose texts are known from reports of its users and
 * from dynalite's tests, which were run against it.
 */
const localTexts: readonly (readonly [RegExp, string])[] = [
  [
    /The parameter cannot be converted to a numeric value(: .*?)?(?= for key |$)/s,
    'A value provided cannot be converted into a number',
  ],
  [
    /Attempting to store more than 38 significant digits in a Number/,
    'DynamoDB only supports precision up to 38 digits',
  ],
  [/(Input collection \[.*\] contains duplicates)\./, '$1'],
];

function asLocal(message: string): string {
  return localTexts.reduce((text, [service, local]) => text.replace(service, local), message);
}

const notIndexable = 'Attempted conditional constraint is not an indexable operation';
const unary = (member: string) =>
  `[{"h":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]},"r":${member}},"N"]`;

/** Outcomes that are not those of DynamoDB Local, with the reason. */
const knownDifferences: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  // It reads `:v` as a part of a path, and then fails with an internal error.
  ['m.:v', 'Invalid ConditionExpression: Syntax error; token: ":v", near: ".:v"'],
  // It reads the digits of all scripts, as Java does.
  ['{"N":"\u0661"}', 'A value provided cannot be converted into a number'],
  // It keeps numbers within lists and maps as they were sent, and shows a difference with its zeros.
  ['{"L":[{"N":"1.00"},{"L":[{"NS":["2.0"]}]}]}', { L: [{ N: '1' }, { L: [{ NS: ['2'] }] }] }],
  ['-568567e-5 - 583e-5', '-5.6915'],
  // Of two faults the service tells the magnitude first.
  [
    '9.9999999999999999999999999999999999999e125 + 1e125',
    'Number overflow. Attempting to store a number with magnitude larger than supported range',
  ],
  // The service has one text for all operators that an order does not help with.
  [unary('{"ComparisonOperator":"NULL","AttributeValueList":[]}'), notIndexable],
  [unary('{"ComparisonOperator":"NULL"}'), notIndexable],
  [unary('{"ComparisonOperator":"NOT_NULL","AttributeValueList":[]}'), notIndexable],
  [unary('{"ComparisonOperator":"NOT_NULL"}'), notIndexable],
]);
