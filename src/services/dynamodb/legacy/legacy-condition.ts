import type { Comparator, Condition, Operand } from '../expressions/condition.ts';
import {
  type KeyCondition,
  type KeySchema,
  keyConditionAmong,
  type RangeCondition,
} from '../expressions/key-condition.ts';
import type { Path } from '../expressions/path.ts';
import {
  type AttributeType,
  type AttributeValue,
  type LooseValue,
  typeOf,
} from '../values/attribute-value.ts';
import { checkedName, checkedValue } from '../values/checked-value.ts';
import { compare } from '../values/order.ts';
import { invalidParameter, validationError } from '../values/validation-error.ts';

/** A member of KeyConditions, QueryFilter and ScanFilter, as the wire has it. */
export type LegacyCondition = {
  readonly ComparisonOperator: string;
  readonly AttributeValueList?: readonly LooseValue[] | undefined;
};

/** A member of Expected, as the wire has it. KCL 1 sends `Value` together with `ComparisonOperator`. */
export type ExpectedValue = {
  readonly Value?: LooseValue | undefined;
  readonly Exists?: boolean | undefined;
  readonly ComparisonOperator?: string | undefined;
  readonly AttributeValueList?: readonly LooseValue[] | undefined;
};

export type ConditionalOperator = 'AND' | 'OR' | undefined;

/** What Expected asks; undefined when it asks nothing. Throws a ValidationException with AWS's text. */
export function conditionOfExpected(
  expected: Readonly<Record<string, ExpectedValue>> | undefined,
  operator: ConditionalOperator,
): Condition | undefined {
  return joined(expected ?? {}, operator, conditionOfValue);
}

/** What QueryFilter or ScanFilter asks; undefined when it asks nothing. Throws a ValidationException. */
export function conditionOfFilter(
  filter: Readonly<Record<string, LegacyCondition>> | undefined,
  operator: ConditionalOperator,
): Condition | undefined {
  return joined(filter ?? {}, operator, (name, condition) =>
    conditionWith(name, condition.ComparisonOperator, condition.AttributeValueList ?? []),
  );
}

/** What KeyConditions look for. Throws a ValidationException. */
export function keyConditionOfLegacy(
  conditions: Readonly<Record<string, LegacyCondition>>,
  schema: KeySchema,
): KeyCondition {
  const ranges = new Map<string, RangeCondition>();
  for (const name of Object.keys(conditions)) {
    const { ComparisonOperator: operator, AttributeValueList: list = [] } = conditions[name]!;
    const condition = conditionWith(checkedName(name), operator, list);
    const range = rangeOf(condition);
    if (range === undefined) {
      throw validationError('Attempted conditional constraint is not an indexable operation');
    }
    ranges.set(name, range);
  }
  return keyConditionAmong(ranges, schema);
}

function joined<Member>(
  members: Readonly<Record<string, Member>>,
  operator: ConditionalOperator,
  conditionOf: (name: string, member: Member) => Condition,
): Condition | undefined {
  const names = Object.keys(members);
  if (operator !== undefined && names.length === 0) {
    throw validationError('ConditionalOperator cannot be used without Filter or Expected');
  }
  const conditions = names.map((name) => conditionOf(checkedName(name), members[name]!));
  if (operator !== undefined && names.length === 1) {
    throw validationError(
      'ConditionalOperator can only be used when Filter or Expected has two or more elements',
    );
  }
  const kind = operator === 'OR' ? 'or' : 'and';
  const [first, ...rest] = conditions;
  return first === undefined ? undefined : rest.reduce((left, right) => ({ kind, left, right }), first);
}

function conditionOfValue(name: string, expected: ExpectedValue): Condition {
  const { Value: value, Exists: exists, ComparisonOperator: operator, AttributeValueList: list } = expected;
  if (value !== undefined && list !== undefined) {
    throw invalidParameter(`Value and AttributeValueList cannot be used together for Attribute: ${name}`);
  }
  if (operator === undefined) return conditionOfExistence(name, expected);
  if (exists !== undefined) {
    throw invalidParameter(`Exists and ComparisonOperator cannot be used together for Attribute: ${name}`);
  }
  const isUnary = operator === 'NULL' || operator === 'NOT_NULL';
  if (value === undefined && list === undefined && !isUnary) {
    throw invalidParameter(
      `Value or AttributeValueList must be used with ComparisonOperator: ${operator} for Attribute: ${name}`,
    );
  }
  return conditionWith(name, operator, list ?? (value === undefined ? [] : [value]));
}

function conditionOfExistence(name: string, expected: ExpectedValue): Condition {
  const { Value: value, Exists: exists, AttributeValueList: list } = expected;
  if (list !== undefined) {
    throw invalidParameter(
      `AttributeValueList can only be used with a ComparisonOperator for Attribute: ${name}`,
    );
  }
  if (exists === false) {
    if (value === undefined) return { kind: 'not-exists', path: [name] };
    throw invalidParameter(`Value cannot be used when Exists is false for Attribute: ${name}`);
  }
  if (value === undefined) {
    throw invalidParameter(
      `Value must be provided when Exists is ${exists ?? 'null'} for Attribute: ${name}`,
    );
  }
  return compared(name, '=', checkedValue(value));
}

const scalars: readonly AttributeType[] = ['S', 'N', 'B'];
const notInside: readonly AttributeType[] = ['S', 'N', 'B', 'BOOL', 'NULL'];

/** How many values each operator takes, at least and at most, and of which types, where not all will do. */
const operators: Readonly<
  Record<string, { readonly values: readonly [number, number]; readonly types?: readonly AttributeType[] }>
> = {
  EQ: { values: [1, 1] },
  NE: { values: [1, 1] },
  LE: { values: [1, 1], types: scalars },
  LT: { values: [1, 1], types: scalars },
  GE: { values: [1, 1], types: scalars },
  GT: { values: [1, 1], types: scalars },
  CONTAINS: { values: [1, 1], types: notInside },
  NOT_CONTAINS: { values: [1, 1], types: notInside },
  BEGINS_WITH: { values: [1, 1], types: ['S', 'B'] },
  IN: { values: [1, Number.POSITIVE_INFINITY], types: scalars },
  BETWEEN: { values: [2, 2], types: scalars },
  NULL: { values: [0, 0] },
  NOT_NULL: { values: [0, 0] },
};

function conditionWith(name: string, operator: string, list: readonly LooseValue[]): Condition {
  const values = checkedValues(operator, list);
  const path: Path = [name];
  const attribute: Operand = { kind: 'path', path };
  const operands = values.map((value): Operand => ({ kind: 'value', value }));
  switch (operator) {
    case 'NULL':
      return { kind: 'not-exists', path };
    case 'NOT_NULL':
      return { kind: 'exists', path };
    case 'BEGINS_WITH':
      return { kind: 'begins-with', left: attribute, right: operands[0]! };
    case 'CONTAINS':
      return { kind: 'contains', left: attribute, right: operands[0]! };
    case 'NOT_CONTAINS':
      // Of an attribute that is not there it does not hold.
      return {
        kind: 'and',
        left: { kind: 'exists', path },
        right: { kind: 'not', condition: { kind: 'contains', left: attribute, right: operands[0]! } },
      };
    case 'IN':
      return { kind: 'in', operand: attribute, among: operands };
    case 'BETWEEN':
      return { kind: 'between', operand: attribute, low: operands[0]!, high: operands[1]! };
    default:
      return compared(name, comparators[operator]!, values[0]!);
  }
}

const comparators: Readonly<Record<string, Comparator>> = {
  EQ: '=',
  NE: '<>',
  LE: '<=',
  LT: '<',
  GE: '>=',
  GT: '>',
};

function compared(name: string, comparator: Comparator, value: AttributeValue): Condition {
  const left: Operand = { kind: 'path', path: [name] };
  return { kind: 'compare', comparator, left, right: { kind: 'value', value } };
}

function checkedValues(operator: string, list: readonly LooseValue[]): readonly AttributeValue[] {
  if (!Object.hasOwn(operators, operator)) {
    throw validationError('Comparison type does not exist in DynamoDB');
  }
  const {
    values: [least, most],
    types,
  } = operators[operator]!;
  const values = list.map(checkedValue);
  if (values.length < least || values.length > most) {
    throw invalidParameter(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  }
  const found = values.map(typeOf);
  if (found.some((type) => type !== found[0])) {
    throw invalidParameter('AttributeValues inside AttributeValueList must be of same type');
  }
  const [type] = found;
  if (type !== undefined && types !== undefined && !types.includes(type)) {
    throw invalidParameter(`ComparisonOperator ${operator} is not valid for ${type} AttributeValue type`);
  }
  if (operator === 'BETWEEN' && compare(values[0]!, values[1]!)! > 0) {
    throw validationError(
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    );
  }
  return values;
}

/** Undefined for what an order of keys does not help with. */
function rangeOf(condition: Condition): RangeCondition | undefined {
  switch (condition.kind) {
    case 'compare': {
      const { comparator, right } = condition;
      if (comparator === '<>' || right.kind !== 'value') return undefined;
      return { operator: comparator, value: right.value };
    }
    case 'begins-with': {
      const { right } = condition;
      return right.kind === 'value' ? { operator: 'begins_with', value: right.value } : undefined;
    }
    case 'between': {
      const { low, high } = condition;
      if (low.kind !== 'value' || high.kind !== 'value') return undefined;
      return { operator: 'between', low: low.value, high: high.value };
    }
    default:
      return undefined;
  }
}
