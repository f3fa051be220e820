import { ServiceError } from '../wire/service-error.ts';

/**
 * Other gateways answer as well, and what one of them has answered is to be true here. Where there is only
 * one, there is none of this.
 */
export interface Freshness {
  /**
   * Resolves when all is known here of streams, users and keys that any gateway had been told to be durable
   * before the call. Callers share what is asked for it. Rejects with `UnavailableError`, and with what a
   * journal cannot be read for.
   */
  current(): Promise<void>;
}

/**
 * Whether an operation on records would perhaps not be refused so if more was known here: nothing was done
 * then, and it can be tried again.
 */
export function mayBeStale(error: unknown): boolean {
  return error instanceof ServiceError && (staleErrors.has(error.type) || error.type.startsWith('KMS'));
}

/** A stream, a consumer, a permission, or a key that this gateway has not heard of. */
const staleErrors: ReadonlySet<string> = new Set(['ResourceNotFoundException', 'AccessDeniedException']);

/** Whether a caller is refused that may be known elsewhere: its access key or its role is not known here. */
export function mayBeKnownElsewhere(error: unknown): boolean {
  return error instanceof ServiceError && error.type === 'UnrecognizedClientException';
}
