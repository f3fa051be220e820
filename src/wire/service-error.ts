import type { StructureShape } from './shape.ts';

/** What an error says besides its type and its message, as members of its body. */
export type ErrorDetails = { readonly shape: StructureShape; readonly value: object };

/**
 * An error to answer. Clients get `message` word for word; without one the answer has no message member
 * (SerializationException of a body that does not decode, InternalFailure of an unknown cause).
 */
export class ServiceError extends Error {
  /** The name that clients match on. */
  readonly type: string;
  readonly status: number;
  readonly details: ErrorDetails | undefined;

  /** By default, the status is 500 for failures of the service and 400 for all other errors. */
  constructor(type: string, message = '', status = statusOf(type), details?: ErrorDetails) {
    super(message);
    this.name = type;
    this.type = type;
    this.status = status;
    this.details = details;
  }
}

function statusOf(type: string): number {
  return type === 'InternalFailure' || type === 'InternalFailureException' ? 500 : 400;
}
