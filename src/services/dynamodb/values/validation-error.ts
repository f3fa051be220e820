import { ServiceError } from '../../../wire/service-error.ts';

/** DynamoDB's error for what is wrong in a request; clients get the message word for word. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

/** The same for a parameter's value, with the words that AWS begins with. */
export function invalidParameter(message: string): ServiceError {
  return validationError(`One or more parameter values were invalid: ${message}`);
}
