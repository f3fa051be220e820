import { type AttributeValue, copyOf, type Item } from '../values/attribute-value.ts';
import { differenceOf, sumOf } from '../values/decimal.ts';
import { invalidParameter, validationError } from '../values/validation-error.ts';
import { isSet, membersOf, union, without } from '../values/value-set.ts';
import { type Change, changed } from './change.ts';
import type { ExpressionCache } from './expression-cache.ts';
import { childOf, type Path, valueAt } from './path.ts';
import { requireSoundUpdate } from './structure.ts';
import type { Substitutions } from './substitutions.ts';
import type { UpdateSyntax } from './syntax.ts';
import { bindUpdate } from './update-binding.ts';
import { parseUpdate } from './update-parser.ts';

/** What SET puts at a path. */
export type Source =
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'plus' | 'minus' | 'list-append'; readonly left: Source; readonly right: Source }
  | { readonly kind: 'if-not-exists'; readonly path: Path; readonly otherwise: Source };

/** One change of an item. No two of an update have overlapping paths. */
export type Action =
  | { readonly kind: 'set'; readonly path: Path; readonly source: Source }
  | { readonly kind: 'remove'; readonly path: Path }
  | { readonly kind: 'add' | 'delete'; readonly path: Path; readonly value: AttributeValue };

/**
 * What an UpdateExpression, or AttributeUpdates, does to an item. The two have different texts for an
 * attribute that is of another type than its action needs; `wrongType` is that of the latter.
 */
export type Update = { readonly actions: readonly Action[]; readonly wrongType?: string };

/** Throws a ValidationException with AWS's text. */
export function updateOf(text: string, substitutions: Substitutions, cache?: ExpressionCache): Update {
  return bindUpdate(updateSyntax(text, cache), substitutions);
}

/** Throws a ValidationException where the update changes an attribute of the key. */
export function requireKeyUntouched(update: Update, keyNames: readonly string[]): void {
  for (const { path } of update.actions) {
    if (!keyNames.includes(path[0])) continue;
    throw invalidParameter(`Cannot update attribute ${path[0]}. This attribute is part of the key`);
  }
}

/**
 * The item after the update, and the paths that UPDATED_OLD and UPDATED_NEW are about (`project` takes them).
 * All actions see the item as it was before. An item that does not exist begins with its key alone. Throws a
 * ValidationException for what cannot be done; the item given stays as it is.
 */
export function updated(
  update: Update,
  item: Item | undefined,
  key: Item,
): { readonly item: Item; readonly touched: readonly Path[] } {
  const before = item ?? copyOf(key);
  const changes = update.actions.map((action): Change => [action.path, outcomeOf(action, before, update)]);
  return { item: changed(before, changes), touched: update.actions.map((action) => action.path) };
}

function updateSyntax(text: string, cache: ExpressionCache | undefined): UpdateSyntax {
  const known = cache?.updates.get(text);
  if (known !== undefined) return known;
  const syntax = parseUpdate(text);
  requireSoundUpdate(syntax);
  cache?.updates.keep(text, syntax);
  return syntax;
}

/** Of a list or a map the last part of a path may be anything, but all parts before it have to be there. */
function requirePlace(item: Item, path: Path): void {
  let value = item[path[0]];
  for (let i = 1; i < path.length; i++) {
    const part = path[i]!;
    const isPlace = value !== undefined && (typeof part === 'number' ? 'L' in value : 'M' in value);
    if (!isPlace) {
      throw validationError('The document path provided in the update expression is invalid for update');
    }
    value = childOf(value!, part);
  }
}

/** What stands at the action's path afterwards; undefined for nothing. */
function outcomeOf(action: Action, before: Item, update: Update): AttributeValue | undefined {
  requirePlace(before, action.path);
  switch (action.kind) {
    case 'set':
      return sourceValue(action.source, before);
    case 'remove':
      return undefined;
    case 'add':
      return sumWith(valueAt(before, action.path), action.value, update.wrongType);
    case 'delete':
      return restOf(valueAt(before, action.path), action.value, update.wrongType);
  }
}

function sourceValue(source: Source, before: Item): AttributeValue {
  switch (source.kind) {
    case 'value':
      return source.value;
    case 'path': {
      const value = valueAt(before, source.path);
      if (value !== undefined) return value;
      throw validationError('The provided expression refers to an attribute that does not exist in the item');
    }
    case 'if-not-exists': {
      // Looked for first: DynamoDB refuses an attribute that is not there, whether it is needed or not.
      const otherwise = sourceValue(source.otherwise, before);
      return valueAt(before, source.path) ?? otherwise;
    }
    case 'list-append': {
      const left = sourceValue(source.left, before);
      const right = sourceValue(source.right, before);
      if (!('L' in left) || !('L' in right)) throw wrongType();
      return { L: [...left.L, ...right.L] };
    }
    case 'plus':
    case 'minus': {
      const left = sourceValue(source.left, before);
      const right = sourceValue(source.right, before);
      if (!('N' in left) || !('N' in right)) throw wrongType();
      return { N: source.kind === 'plus' ? sumOf(left.N, right.N) : differenceOf(left.N, right.N) };
    }
  }
}

function sumWith(
  value: AttributeValue | undefined,
  added: AttributeValue,
  problem: string | undefined,
): AttributeValue {
  if (value === undefined) return added;
  if ('N' in value && 'N' in added) return { N: sumOf(value.N, added.N) };
  if ('L' in value && 'L' in added) return { L: [...value.L, ...added.L] };
  const sum = isSet(value) && isSet(added) ? union(value, added) : undefined;
  if (sum === undefined) throw wrongType(problem);
  return sum;
}

/** Without members nothing is left of a set. */
function restOf(
  value: AttributeValue | undefined,
  gone: AttributeValue,
  problem: string | undefined,
): AttributeValue | undefined {
  if (value === undefined) return undefined;
  const rest = isSet(value) && isSet(gone) ? without(value, gone) : undefined;
  if (rest === undefined) throw wrongType(problem);
  return membersOf(rest).length === 0 ? undefined : rest;
}

function wrongType(problem = 'An operand in the update expression has an incorrect data type'): Error {
  return validationError(problem);
}
