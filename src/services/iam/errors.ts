import { ServiceError } from '../../wire/service-error.ts';

// The names and statuses of IAM's errors (IAM API reference, errors of each operation).

export const noSuchEntity = errorOf('NoSuchEntity', 404);
export const entityAlreadyExists = errorOf('EntityAlreadyExists', 409);
export const deleteConflict = errorOf('DeleteConflict', 409);
export const invalidInput = errorOf('InvalidInput', 400);
export const malformedPolicy = errorOf('MalformedPolicyDocument', 400);
export const notAttachable = errorOf('PolicyNotAttachable', 400);
export const invalidRequest = errorOf('ValidationError', 400);

function errorOf(type: string, status: number): (message: string) => ServiceError {
  return (message) => new ServiceError(type, message, status);
}
