import { ServiceError } from '../../wire/service-error.ts';

/** A signature that says what cannot be, or is not that of the request. */
export function invalidSignature(message: string): ServiceError {
  return new ServiceError('InvalidSignatureException', message);
}

/** A signature that does not say all that it has to. */
export function incompleteSignature(message: string): ServiceError {
  return new ServiceError('IncompleteSignatureException', message);
}
