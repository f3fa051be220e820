/**
 * An answer that is an error, as AWS names it. `message` reaches the client word for word; without one the
 * answer carries no message member (SerializationException of a body that does not decode, InternalFailure of
 * an unknown cause).
 */
export class ServiceError extends Error {
  readonly type: ErrorType;

  constructor(type: ErrorType, message = '') {
    super(message);
    this.name = type;
    this.type = type;
  }

  /** 500 for failures of the service, 400 for everything else: AWS uses no other status in JSON and CBOR. */
  get status(): 400 | 500 {
    return this.type === 'InternalFailure' || this.type === 'InternalFailureException' ? 500 : 400;
  }
}

/** The names that clients match on. The first group is modelled, the second comes from AWS's front end. */
export type ErrorType =
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
  | 'ValidationException'
  | 'ExpiredTokenException'
  | 'IncompleteSignatureException'
  | 'InternalFailure'
  | 'InvalidSignatureException'
  | 'MissingAuthenticationTokenException'
  | 'SerializationException'
  | 'UnknownOperationException'
  | 'UnrecognizedClientException';
