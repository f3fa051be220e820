import type { AttributeValue } from '../values/attribute-value.ts';
import type { ExpressionCache } from './expression-cache.ts';
import type { Substitutions } from './substitutions.ts';

/** The names and types of the attributes that a table or an index is ordered by. */
export type KeySchema = {
  readonly hash: { readonly name: string; readonly type: 'S' | 'N' | 'B' };
  readonly range?: { readonly name: string; readonly type: 'S' | 'N' | 'B' } | undefined;
};

/** What a Query looks for: one hash key, and of its items those whose range key is so. */
export type KeyCondition = {
  readonly hash: AttributeValue;
  readonly range?: RangeCondition | undefined;
};

export type RangeCondition =
  | { readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'begins_with'; readonly value: AttributeValue }
  | { readonly operator: 'between'; readonly low: AttributeValue; readonly high: AttributeValue };

/** Throws a ValidationException with AWS's text, also where the condition is not about the keys of the schema. */
export function keyConditionOf(
  text: string,
  substitutions: Substitutions,
  schema: KeySchema,
  cache?: ExpressionCache,
): KeyCondition {
  throw new Error(`soon: ${text} ${substitutions} ${schema} ${cache}`);
}

/** Whether an item of that hash key is among those that the condition is about. */
export function isInRange(range: RangeCondition, value: AttributeValue): boolean {
  throw new Error(`soon: ${range} ${value}`);
}
