import { ServiceError } from '../../wire/service-error.ts';

/** The names of the errors of this service, which are those of Kinesis. */
type MillraceErrorType = 'InvalidArgumentException' | 'LimitExceededException' | 'ResourceNotFoundException';

export const invalidArgument = errorOf('InvalidArgumentException');
export const resourceNotFound = errorOf('ResourceNotFoundException');
export const limitExceeded = errorOf('LimitExceededException');

function errorOf(type: MillraceErrorType): (message: string) => ServiceError {
  return (message) => new ServiceError(type, message);
}
