import { ServiceError } from '../../wire/service-error.ts';

/** A signature that says what cannot be, or is not that of the request. */
export function invalidSignature(message: string): ServiceError {
  return new ServiceError('InvalidSignatureException', message);
}

/** A signature that does not say all that it has to. */
export function incompleteSignature(message: string): ServiceError {
  return new ServiceError('IncompleteSignatureException', message);
}

/** An access key that is not known, or a session token that is not its. */
export function tokenInvalid(): ServiceError {
  return new ServiceError(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  );
}

export function tokenExpired(): ServiceError {
  return new ServiceError('ExpiredTokenException', 'The security token included in the request is expired');
}
