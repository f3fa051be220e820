import { type Projection, projectionOf } from '../expressions/projection.ts';
import { Substitutions } from '../expressions/substitutions.ts';
import { projectionOfNames } from '../legacy/attributes-to-get.ts';
import type { DynamodbWorld } from '../world.ts';
import { requireForm } from './forms.ts';

/** What of an item is wanted, in both forms. */
export type Wanted = {
  readonly AttributesToGet?: readonly string[] | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
};

/** Undefined where all of it is. Throws a ValidationException. */
export function wantedOf(
  { expressions }: Pick<DynamodbWorld, 'expressions'>,
  request: Wanted,
): Projection | undefined {
  requireForm(request, forms);
  const { AttributesToGet, ProjectionExpression, ExpressionAttributeNames } = request;
  if (ProjectionExpression === undefined) return AttributesToGet && projectionOfNames(AttributesToGet);
  const substitutions = new Substitutions(ExpressionAttributeNames, undefined);
  const projection = projectionOf(ProjectionExpression, substitutions, expressions);
  substitutions.requireAllUsed();
  return projection;
}

const forms = { expressions: ['ProjectionExpression'], legacy: ['AttributesToGet'] };
