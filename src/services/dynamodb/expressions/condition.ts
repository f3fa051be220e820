import { type AttributeType, type AttributeValue, type Item, typeOf } from '../values/attribute-value.ts';
import { equal } from '../values/equality.ts';
import { compare } from '../values/order.ts';
import { bindCondition } from './condition-binding.ts';
import { parseCondition } from './condition-parser.ts';
import type { ExpressionCache } from './expression-cache.ts';
import type { ExpressionKind } from './expression-error.ts';
import { type Path, valueAt } from './path.ts';
import { requireSoundCondition } from './structure.ts';
import type { Substitutions } from './substitutions.ts';
import type { ConditionSyntax } from './syntax.ts';

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A value, or where one is to be found, or the length of one. */
export type Operand =
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'size'; readonly of: Operand };

/** What an expression, or its legacy form, asks of an item. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | {
      readonly kind: 'compare';
      readonly comparator: Comparator;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly among: readonly Operand[] }
  | { readonly kind: 'exists' | 'not-exists'; readonly path: Path }
  | { readonly kind: 'type'; readonly operand: Operand; readonly type: AttributeType }
  | { readonly kind: 'begins-with' | 'contains'; readonly left: Operand; readonly right: Operand };

/**
 * What the text says. Throws a ValidationException with AWS's text for one that says nothing, or uses a name
 * or a value that is not among the substitutions.
 */
export function conditionOf(
  text: string,
  kind: 'ConditionExpression' | 'FilterExpression',
  substitutions: Substitutions,
  cache?: ExpressionCache,
): Condition {
  return bindCondition(conditionSyntax(text, kind, cache), kind, substitutions);
}

/** The same before names and values are put in. */
export function conditionSyntax(
  text: string,
  kind: ExpressionKind,
  cache: ExpressionCache | undefined,
): ConditionSyntax {
  const known = cache?.conditions.get(text);
  if (known !== undefined) return known;
  const syntax = parseCondition(text, kind);
  requireSoundCondition(syntax.root, kind);
  cache?.conditions.keep(text, syntax);
  return syntax;
}

/** Whether the item is as the condition asks; of an item that does not exist every path leads to nothing. */
export function holds(condition: Condition, item: Item | undefined): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item) && holds(condition.right, item);
    case 'or':
      return holds(condition.left, item) || holds(condition.right, item);
    case 'not':
      return !holds(condition.condition, item);
    case 'exists':
      return item !== undefined && valueAt(item, condition.path) !== undefined;
    case 'not-exists':
      return item === undefined || valueAt(item, condition.path) === undefined;
    case 'compare':
      return compares(condition.comparator, found(condition.left, item), found(condition.right, item));
    case 'between':
      return isBetween(
        found(condition.operand, item),
        found(condition.low, item),
        found(condition.high, item),
      );
    case 'in':
      return isAmong(found(condition.operand, item), condition.among, item);
    case 'type': {
      const value = found(condition.operand, item);
      return value !== undefined && typeOf(value) === condition.type;
    }
    case 'begins-with':
      return beginsWith(found(condition.left, item), found(condition.right, item));
    case 'contains':
      return contains(found(condition.left, item), found(condition.right, item));
  }
}

type Found = AttributeValue | undefined;

function found(operand: Operand, item: Item | undefined): Found {
  switch (operand.kind) {
    case 'value':
      return operand.value;
    case 'path':
      return item === undefined ? undefined : valueAt(item, operand.path);
    case 'size': {
      const length = lengthOf(found(operand.of, item));
      return length === undefined ? undefined : { N: String(length) };
    }
  }
}

/** What is not there is like nothing, not even like what is not there either. */
function compares(comparator: Comparator, left: Found, right: Found): boolean {
  if (comparator === '<>') return left === undefined || right === undefined || !equal(left, right);
  if (left === undefined || right === undefined) return false;
  if (comparator === '=') return equal(left, right);
  const order = compare(left, right);
  if (order === undefined) return false;
  switch (comparator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function isBetween(value: Found, low: Found, high: Found): boolean {
  return compares('>=', value, low) && compares('<=', value, high);
}

function isAmong(value: Found, among: readonly Operand[], item: Item | undefined): boolean {
  return among.some((operand) => compares('=', value, found(operand, item)));
}

function beginsWith(value: Found, start: Found): boolean {
  if (value === undefined || start === undefined) return false;
  if ('S' in value) return 'S' in start && value.S.startsWith(start.S);
  return 'B' in value && 'B' in start && value.B.subarray(0, start.B.length).equals(start.B);
}

/** A part of a string or a binary, a member of a set, or an element of a list. */
function contains(value: Found, part: Found): boolean {
  if (value === undefined || part === undefined) return false;
  if ('L' in value) return hasElement(value.L, part);
  if ('S' in part) {
    if ('S' in value) return value.S.includes(part.S);
    return 'SS' in value && value.SS.includes(part.S);
  }
  if ('N' in part) return 'NS' in value && value.NS.includes(part.N);
  if (!('B' in part)) return false;
  if ('B' in value) return value.B.includes(part.B);
  return 'BS' in value && value.BS.some((member) => member.equals(part.B));
}

/** Lists may be long, and conditions ask often. */
function hasElement(list: readonly AttributeValue[], part: AttributeValue): boolean {
  if (!('S' in part)) return list.some((element) => equal(element, part));
  for (const element of list) if ('S' in element && element.S === part.S) return true;
  return false;
}

/** In UTF-16 units, bytes, members or elements; undefined for what has no length. */
function lengthOf(value: Found): number | undefined {
  if (value === undefined) return undefined;
  if ('S' in value) return value.S.length;
  if ('B' in value) return value.B.length;
  if ('L' in value) return value.L.length;
  if ('M' in value) return Object.keys(value.M).length;
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  return 'BS' in value ? value.BS.length : undefined;
}
