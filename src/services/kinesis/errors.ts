import { ServiceError } from '../../wire/service-error.ts';

/** The names of Kinesis's errors: those of its model that are answered here. */
type KinesisErrorType =
  | 'AccessDeniedException'
  | 'DryRunOperationException'
  | 'ExpiredIteratorException'
  | 'ExpiredNextTokenException'
  | 'InternalFailureException'
  | 'InvalidArgumentException'
  | 'KMSAccessDeniedException'
  | 'KMSDisabledException'
  | 'KMSNotFoundException'
  | 'LimitExceededException'
  | 'ProvisionedThroughputExceededException'
  | 'ResourceInUseException'
  | 'ResourceNotFoundException'
  | 'ValidationException';

export function kinesisError(type: KinesisErrorType, message: string): ServiceError {
  return new ServiceError(type, message);
}

export const invalidArgument = errorOf('InvalidArgumentException');
export const invalidRequest = errorOf('ValidationException');
export const limitExceeded = errorOf('LimitExceededException');
export const resourceInUse = errorOf('ResourceInUseException');
export const resourceNotFound = errorOf('ResourceNotFoundException');

function errorOf(type: KinesisErrorType): (message: string) => ServiceError {
  return (message) => kinesisError(type, message);
}

/** The answer to a request with DryRun that would have succeeded; nothing was done. */
export function dryRun(): ServiceError {
  return kinesisError(
    'DryRunOperationException',
    'The request was rejected because the DryRun parameter was specified.',
  );
}
