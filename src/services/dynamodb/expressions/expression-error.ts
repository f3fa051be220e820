import type { ServiceError } from '../../../wire/service-error.ts';
import { validationError } from '../values/validation-error.ts';

/** The parameter that an expression came in. */
export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'UpdateExpression'
  | 'ProjectionExpression';

/** AWS's error for a text that is no such expression, or not with these names and values. */
export function invalidExpression(kind: ExpressionKind, problem: string): ServiceError {
  return validationError(`Invalid ${kind}: ${problem}`);
}
