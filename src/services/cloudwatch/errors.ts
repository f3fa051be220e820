import { ServiceError } from '../../wire/service-error.ts';

// The names of CloudWatch's errors, as its model has them, and what Query calls them (CloudWatch API
// reference, errors of each operation).

/** In Query, and for clients that match on what Query says. */
export const errorCodes = {
  InternalServiceFault: 'InternalServiceError',
  InvalidParameterCombinationException: 'InvalidParameterCombination',
  InvalidParameterValueException: 'InvalidParameterValue',
  LimitExceededFault: 'LimitExceeded',
  MissingRequiredParameterException: 'MissingParameter',
} as const;

export const missingParameter = errorOf('MissingRequiredParameterException');
export const invalidValue = errorOf('InvalidParameterValueException');
export const invalidCombination = errorOf('InvalidParameterCombinationException');
export const invalidToken = errorOf('InvalidNextToken');
export const limitExceeded = errorOf('LimitExceededFault');
/** How GetMetricData calls all that is wrong with a request; the model does not have it. */
export const validationError = errorOf('ValidationError');

function errorOf(type: string): (message: string) => ServiceError {
  return (message) => new ServiceError(type, message);
}
