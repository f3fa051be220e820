import { type Condition, conditionOf } from '../expressions/condition.ts';
import { type Projection, projectionOf } from '../expressions/projection.ts';
import { Substitutions } from '../expressions/substitutions.ts';
import { projectionOfNames } from '../legacy/attributes-to-get.ts';
import { conditionOfFilter, type LegacyCondition } from '../legacy/legacy-condition.ts';
import type { LooseItem } from '../values/attribute-value.ts';
import type { DynamodbWorld } from '../world.ts';
import { requireSelectable, type Selecting } from './select.ts';

export type LegacyConditions = Readonly<Record<string, LegacyCondition>>;

/** What a Query and a Scan have in common. */
export type SearchRequest = Selecting & {
  readonly FilterExpression?: string | undefined;
  readonly ConditionalOperator?: 'AND' | 'OR' | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: LooseItem | undefined;
};

/** What was read of it. Another expression may still use the substitutions. */
export type SearchParts = {
  readonly substitutions: Substitutions | undefined;
  readonly projection: Projection | undefined;
  readonly filter: Condition | undefined;
};

/** Reads both forms, of which a request has one. `filter` is QueryFilter or ScanFilter. */
export function searchPartsOf(
  { expressions: cache }: Pick<DynamodbWorld, 'expressions'>,
  request: SearchRequest,
  filter: LegacyConditions | undefined,
  hasOtherExpression = false,
): SearchParts {
  requireSelectable(request);
  const { AttributesToGet, ProjectionExpression, FilterExpression, ConditionalOperator } = request;
  const names = AttributesToGet && projectionOfNames(AttributesToGet);
  const hasExpression = hasOtherExpression || ProjectionExpression !== undefined;
  const isLegacy = !hasExpression && FilterExpression === undefined;
  const substitutions = isLegacy
    ? undefined
    : new Substitutions(request.ExpressionAttributeNames, request.ExpressionAttributeValues);
  const condition =
    FilterExpression === undefined
      ? conditionOfFilter(filter, ConditionalOperator)
      : conditionOf(FilterExpression, 'FilterExpression', substitutions!, cache);
  const projection =
    ProjectionExpression === undefined ? names : projectionOf(ProjectionExpression, substitutions!, cache);
  return { substitutions, projection, filter: condition };
}
