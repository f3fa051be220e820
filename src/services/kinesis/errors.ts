import { ServiceError } from '../../wire/service-error.ts';

/** The names of Kinesis's errors: those of its model that are answered here. */
type KinesisErrorType =
  | 'AccessDeniedException'
  | 'DryRunOperationException'
  | 'ExpiredIteratorException'
  | 'ExpiredNextTokenException'
  | 'InternalFailureException'
  | 'InvalidArgumentException'
  | 'KMSNotFoundException'
  | 'LimitExceededException'
  | 'ProvisionedThroughputExceededException'
  | 'ResourceInUseException'
  | 'ResourceNotFoundException'
  | 'ValidationException';

export function kinesisError(type: KinesisErrorType, message: string): ServiceError {
  return new ServiceError(type, message);
}

export function invalidArgument(message: string): ServiceError {
  return kinesisError('InvalidArgumentException', message);
}

export function invalidRequest(message: string): ServiceError {
  return kinesisError('ValidationException', message);
}

export function limitExceeded(message: string): ServiceError {
  return kinesisError('LimitExceededException', message);
}

export function resourceInUse(message: string): ServiceError {
  return kinesisError('ResourceInUseException', message);
}

export function resourceNotFound(message: string): ServiceError {
  return kinesisError('ResourceNotFoundException', message);
}

/** The answer to a request with DryRun that would have succeeded; nothing was done. */
export function dryRun(): ServiceError {
  return kinesisError(
    'DryRunOperationException',
    'The request was rejected because the DryRun parameter was specified.',
  );
}
