import { type AttributeValue, typeOf } from '../values/attribute-value.ts';
import { invalidParameter, validationError } from '../values/validation-error.ts';
import { type Comparator, type Condition, conditionSyntax, holds, type Operand } from './condition.ts';
import { bindCondition } from './condition-binding.ts';
import type { ExpressionCache } from './expression-cache.ts';
import type { Path } from './path.ts';
import type { Substitutions } from './substitutions.ts';

type KeyAttribute = { readonly name: string; readonly type: 'S' | 'N' | 'B' };

/** The names and types of the attributes that a table or an index is ordered by. */
export type KeySchema = { readonly hash: KeyAttribute; readonly range?: KeyAttribute | undefined };

/** What a Query looks for: one hash key, and of its items those whose range key is so. */
export type KeyCondition = {
  readonly hash: AttributeValue;
  readonly range?: RangeCondition | undefined;
};

export type RangeCondition =
  | { readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'begins_with'; readonly value: AttributeValue }
  | { readonly operator: 'between'; readonly low: AttributeValue; readonly high: AttributeValue };

/**
 * Throws a ValidationException with AWS's text, also where the condition is not about the keys of the schema.
 */
export function keyConditionOf(
  text: string,
  substitutions: Substitutions,
  schema: KeySchema,
  cache?: ExpressionCache,
): KeyCondition {
  const kind = 'KeyConditionExpression';
  const condition = bindCondition(conditionSyntax(text, kind, cache), kind, substitutions);
  const found = new Map<string, RangeCondition>();
  collect(condition, found);
  return keyConditionAmong(found, schema);
}

/**
 * Of conditions on attributes by their names. Throws a ValidationException where they are not those of a key.
 */
export function keyConditionAmong(
  conditions: ReadonlyMap<string, RangeCondition>,
  { hash, range }: KeySchema,
): KeyCondition {
  if (conditions.size < 1 || conditions.size > 2)
    throw validationError('Conditions can be of length 1 or 2 only');
  const onHash = conditions.get(hash.name);
  const onRange = range === undefined ? undefined : conditions.get(range.name);
  if (onHash === undefined || (conditions.size === 2 && onRange === undefined)) {
    throw validationError('Query condition missed key schema element');
  }
  requireType(onHash, hash);
  if (onHash.operator !== '=') throw validationError('Query key condition not supported');
  if (range === undefined || onRange === undefined) return { hash: onHash.value };
  requireType(onRange, range);
  return { hash: onHash.value, range: onRange };
}

/** Whether a range key is one that the condition is about. */
export function isInRange(range: RangeCondition, value: AttributeValue): boolean {
  const operand: Operand = { kind: 'value', value };
  return holds(asCondition(range, operand), undefined);
}

function asCondition(range: RangeCondition, operand: Operand): Condition {
  if (range.operator === 'between') {
    const low: Operand = { kind: 'value', value: range.low };
    return { kind: 'between', operand, low, high: { kind: 'value', value: range.high } };
  }
  const right: Operand = { kind: 'value', value: range.value };
  if (range.operator === 'begins_with') return { kind: 'begins-with', left: operand, right };
  return { kind: 'compare', comparator: range.operator, left: operand, right };
}

function requireType(condition: RangeCondition, { type }: KeyAttribute): void {
  const values = condition.operator === 'between' ? [condition.low, condition.high] : [condition.value];
  if (values.every((value) => typeOf(value) === type)) return;
  throw invalidParameter('Condition parameter type does not match schema type');
}

const flipped = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

function collect(condition: Condition, found: Map<string, RangeCondition>): void {
  switch (condition.kind) {
    case 'and':
      collect(condition.left, found);
      collect(condition.right, found);
      return;
    case 'compare': {
      const { comparator, left, right } = condition;
      if (comparator === '<>') throw invalidOperator(comparator);
      const { path, values, isFirst } = attributeAmong([left, right]);
      add(found, path, { operator: isFirst ? comparator : flipped[comparator], value: values[0]! });
      return;
    }
    case 'between': {
      const { path, values, isFirst } = attributeAmong([condition.operand, condition.low, condition.high]);
      if (!isFirst) throw notFirst('BETWEEN');
      add(found, path, { operator: 'between', low: values[0]!, high: values[1]! });
      return;
    }
    case 'begins-with': {
      if (condition.left.kind === 'value') throw notFirst('begins_with');
      const { path, values } = attributeAmong([condition.left, condition.right]);
      add(found, path, { operator: 'begins_with', value: values[0]! });
      return;
    }
    default:
      throw invalidOperator(operatorNames[condition.kind]);
  }
}

const operatorNames = {
  or: 'OR',
  not: 'NOT',
  in: 'IN',
  exists: 'attribute_exists',
  'not-exists': 'attribute_not_exists',
  type: 'attribute_type',
  contains: 'contains',
};

/** The one operand that is an attribute, and the others, which have to be values. */
function attributeAmong(operands: readonly Operand[]): {
  readonly path: Path;
  readonly values: readonly AttributeValue[];
  readonly isFirst: boolean;
} {
  if (operands.some((operand) => operand.kind === 'size')) {
    throw validationError('KeyConditionExpressions cannot contain nested operations');
  }
  const paths = operands.filter((operand) => operand.kind === 'path');
  const values = operands.filter((operand) => operand.kind === 'value').map((operand) => operand.value);
  const [attribute] = paths;
  if (attribute === undefined) throw invalidCondition('No key attribute specified');
  if (paths.length > 1) throw invalidCondition('Multiple attribute names used in one condition');
  return { path: attribute.path, values, isFirst: operands[0] === attribute };
}

function add(found: Map<string, RangeCondition>, path: Path, condition: RangeCondition): void {
  const [name] = path;
  if (path.length > 1) throw nestedKey(name);
  if (found.has(name)) {
    throw validationError('KeyConditionExpressions must only contain one condition per key');
  }
  found.set(name, condition);
}

/** AWS's error for a path that leads into a key's attribute. */
export function nestedKey(name: string): Error {
  return validationError(
    `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: ${name}`,
  );
}

function notFirst(operator: string): Error {
  return invalidCondition(`${operator} operator must have the key attribute as its first operand`);
}

function invalidCondition(problem: string): Error {
  return validationError(`Invalid condition in KeyConditionExpression: ${problem}`);
}

function invalidOperator(operator: Comparator | string): Error {
  return validationError(`Invalid operator used in KeyConditionExpression: ${operator}`);
}
