import type { AttributeValue, Item } from '../values/attribute-value.ts';
import type { ExpressionCache } from './expression-cache.ts';
import type { Path } from './path.ts';
import type { Substitutions } from './substitutions.ts';

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A value, or where one is to be found. */
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
  | { readonly kind: 'type'; readonly path: Path; readonly type: Operand }
  | { readonly kind: 'begins-with' | 'contains'; readonly left: Operand; readonly right: Operand };

/**
 * What the text says. Throws a ValidationException with AWS's text for one that says nothing, or uses a name or
 * a value that is not among the substitutions.
 */
export function conditionOf(
  text: string,
  kind: 'ConditionExpression' | 'FilterExpression',
  substitutions: Substitutions,
  cache?: ExpressionCache,
): Condition {
  throw new Error(`soon: ${text} ${kind} ${substitutions} ${cache}`);
}

/** Whether the item is as the condition asks; of an item that does not exist every path leads to nothing. */
export function holds(condition: Condition, item: Item | undefined): boolean {
  throw new Error(`soon: ${condition} ${item}`);
}
