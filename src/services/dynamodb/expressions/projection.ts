import type { Item } from '../values/attribute-value.ts';
import type { ExpressionCache } from './expression-cache.ts';
import type { Path } from './path.ts';
import type { Substitutions } from './substitutions.ts';

/** The parts of an item that are wanted. */
export type Projection = { readonly paths: readonly Path[] };

/** Throws a ValidationException with AWS's text. */
export function projectionOf(
  text: string,
  substitutions: Substitutions,
  cache?: ExpressionCache,
): Projection {
  throw new Error(`soon: ${text} ${substitutions} ${cache}`);
}

/** Those parts that the item has. Elements of a list keep their order and lose the gaps between them. */
export function project(projection: Projection, item: Item): Item {
  throw new Error(`soon: ${projection} ${item}`);
}
