import { ServiceError } from '../../wire/service-error.ts';

/** The names of KMS's errors: those of its model that are answered here, and a few that only answers have. */
type KmsErrorType =
  | 'AccessDeniedException'
  | 'AlreadyExistsException'
  | 'DisabledException'
  | 'DryRunOperationException'
  | 'IncorrectKeyException'
  | 'InvalidAliasNameException'
  | 'InvalidArnException'
  | 'InvalidCiphertextException'
  | 'InvalidGrantTokenException'
  | 'InvalidKeyUsageException'
  | 'InvalidMarkerException'
  | 'KMSInvalidStateException'
  | 'LimitExceededException'
  | 'MalformedPolicyDocumentException'
  | 'NotAuthorizedException'
  | 'NotFoundException'
  | 'TagException'
  | 'UnsupportedOperationException'
  | 'ValidationException';

export function kmsError(type: KmsErrorType, message?: string): ServiceError {
  return new ServiceError(type, message);
}

export const notFound = (message: string) => kmsError('NotFoundException', message);
export const invalidRequest = (message: string) => kmsError('ValidationException', message);
export const unsupported = (message: string) => kmsError('UnsupportedOperationException', message);
export const limitExceeded = (message: string) => kmsError('LimitExceededException', message);

/** The answer to a request with DryRun that would succeed (developer guide, "Test your permissions"). */
export function dryRun(): ServiceError {
  return kmsError(
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
  );
}
