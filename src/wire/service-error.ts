/**
 * An answer that is an error. `message` reaches the client word for word; without one the answer carries no
 * message member (SerializationException of a body that does not decode, InternalFailure of an unknown
 * cause).
 */
export class ServiceError extends Error {
  /** The name that clients match on. Which there are, each service says. */
  readonly type: string;
  readonly status: number;

  /** The status is 500 for failures of the service and 400 for everything else, where it is not given. */
  constructor(type: string, message = '', status = statusOf(type)) {
    super(message);
    this.name = type;
    this.type = type;
    this.status = status;
  }
}

function statusOf(type: string): number {
  return type === 'InternalFailure' || type === 'InternalFailureException' ? 500 : 400;
}
