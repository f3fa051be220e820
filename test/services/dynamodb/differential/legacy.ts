import type { SeededRandom } from '../../../../harness/random.ts';
import type { Json, JsonObject } from './dialogue.ts';
import { attributeOf } from './expressions.ts';
import type { TableShape } from './tables.ts';
import { attributes, drawFor, drawKey, drawOf, drawValue } from './values.ts';

/** The forms from before expressions, as KCL 1 sends them. */

/** The members of a conditional write: `Expected`, and how its conditions go together. */
export function drawExpected(random: SeededRandom, table: TableShape): JsonObject {
  const expected: Record<string, Json> = {};
  for (let left = random.between(1, 2); left > 0; left--) {
    const name = attributeOf(random, table);
    expected[name] = expectation(random, table, name);
  }
  return { Expected: expected, ...together(random) };
}

function expectation(random: SeededRandom, table: TableShape, name: string): JsonObject {
  const value = drawnFor(random, table, name);
  switch (random.pick(['value', 'value', 'exists', 'missing', 'both', 'operator', 'operator', 'operator'])) {
    case 'value':
      return { Value: value };
    case 'exists':
      return { Exists: true, Value: value };
    case 'missing':
      return { Exists: false };
    case 'both':
      // KCL 1.15 says NE in this way.
      return { Value: value, ComparisonOperator: random.pick(['NE', 'EQ', 'LE', 'GT']) };
    default:
      return comparison(random, table, name);
  }
}

/** A comparison with as many values as its operator takes. */
function comparison(random: SeededRandom, table: TableShape, name: string): JsonObject {
  const value = () => drawnFor(random, table, name);
  const ComparisonOperator = random.pick(operators);
  switch (ComparisonOperator) {
    case 'NULL':
    case 'NOT_NULL':
      return { ComparisonOperator };
    case 'BETWEEN':
      return { ComparisonOperator, AttributeValueList: [value(), value()] };
    case 'IN':
      return { ComparisonOperator, AttributeValueList: [value(), value()] };
    case 'BEGINS_WITH':
      return { ComparisonOperator, AttributeValueList: [drawOf(random, random.pick(['S', 'B']))] };
    case 'CONTAINS':
    case 'NOT_CONTAINS':
      return { ComparisonOperator, AttributeValueList: [drawOf(random, random.pick(['S', 'N', 'B']))] };
    default:
      return { ComparisonOperator, AttributeValueList: [value()] };
  }
}

const operators = [
  ...['EQ', 'NE', 'LE', 'LT', 'GE', 'GT', 'NULL', 'NOT_NULL'],
  ...['BETWEEN', 'IN', 'BEGINS_WITH', 'CONTAINS', 'NOT_CONTAINS'],
];

/** `QueryFilter` or `ScanFilter`. */
export function drawFilter(random: SeededRandom, table: TableShape, member: string): JsonObject {
  const filter: Record<string, Json> = {};
  for (let left = random.between(1, 2); left > 0; left--) {
    const name = random.pick(Object.keys(attributes));
    filter[name] = comparison(random, table, name);
  }
  return { [member]: filter, ...together(random) };
}

function together(random: SeededRandom): JsonObject {
  return random.chance(0.4) ? { ConditionalOperator: random.pick(['AND', 'OR']) } : {};
}

export function drawAttributeUpdates(random: SeededRandom): JsonObject {
  const updates: Record<string, Json> = {};
  for (const name of Object.keys(attributes))
    if (random.chance(0.4)) updates[name] = attributeUpdate(random, name);
  return { AttributeUpdates: updates };
}

function attributeUpdate(random: SeededRandom, name: string): JsonObject {
  const Action = random.pick(['PUT', 'PUT', 'ADD', 'DELETE', undefined]);
  const action = Action === undefined ? {} : { Action };
  if (Action === 'DELETE' && random.chance(0.5)) return action;
  const isSet = name === 'e' || name === 'f';
  const usual =
    Action === 'ADD' && !isSet ? drawOf(random, random.pick(['N', 'N', 'L'])) : drawFor(random, name);
  return { ...action, Value: random.chance(0.9) ? usual : drawValue(random) };
}

export function drawKeyConditions(
  random: SeededRandom,
  table: TableShape,
  hash: string,
  range: string | undefined,
): JsonObject {
  const drawnFor = (name: string) => drawKey(random, table.types[name]!);
  const conditions: Record<string, Json> = {
    [hash]: { ComparisonOperator: 'EQ', AttributeValueList: [drawnFor(hash)] },
  };
  if (range !== undefined && random.chance(0.7)) {
    const ComparisonOperator = random.pick(['EQ', 'LE', 'LT', 'GE', 'GT', 'BEGINS_WITH', 'BETWEEN']);
    const values = ComparisonOperator === 'BETWEEN' ? [drawnFor(range), drawnFor(range)] : [drawnFor(range)];
    conditions[range] = { ComparisonOperator, AttributeValueList: values };
  }
  return { KeyConditions: conditions };
}

function drawnFor(random: SeededRandom, table: TableShape, name: string): JsonObject {
  const keyType = table.types[name];
  return keyType === undefined ? drawFor(random, name) : drawKey(random, keyType);
}
