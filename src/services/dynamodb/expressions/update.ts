import type { AttributeValue, Item } from '../values/attribute-value.ts';
import type { ExpressionCache } from './expression-cache.ts';
import type { Path } from './path.ts';
import type { Substitutions } from './substitutions.ts';

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

/** What an UpdateExpression, or AttributeUpdates, does to an item. */
export type Update = { readonly actions: readonly Action[] };

/** Throws a ValidationException with AWS's text. */
export function updateOf(text: string, substitutions: Substitutions, cache?: ExpressionCache): Update {
  throw new Error(`soon: ${text} ${substitutions} ${cache}`);
}

/** Throws a ValidationException where the update changes an attribute of the key. */
export function requireKeyUntouched(update: Update, keyNames: readonly string[]): void {
  throw new Error(`soon: ${update} ${keyNames}`);
}

/**
 * The item after the update, and the paths that UPDATED_OLD and UPDATED_NEW are about (`project` takes them). All
 * actions see the item as it was before. An item that does not exist begins with its key alone. Throws a
 * ValidationException for what cannot be done; the item given stays as it is.
 */
export function updated(
  update: Update,
  item: Item | undefined,
  key: Item,
): { readonly item: Item; readonly touched: readonly Path[] } {
  throw new Error(`soon: ${update} ${item} ${key}`);
}
