import type { Caller } from '../../../access/caller.ts';
import type { IdentityState } from '../../../access/identity/state.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { invalidRequest } from '../errors.ts';
import { find, users } from './kind.ts';

/**
 * The user that a request means: the one that it names, else the caller. Null is the account's root user.
 * ValidationError for callers that are no users, such as a session of a role.
 */
export function userMeant(
  state: IdentityState,
  named: string | undefined,
  { account, principal, arn }: Caller,
): string | null {
  if (named !== undefined) return named;
  if (principal.kind === 'user') return principal.name;
  if (principal.kind === 'root') return null;
  // A profile of a file, or anyone, may be called as a user is.
  const name = lastName(arn);
  if (principal.kind !== 'role' && find(state, account, users, name) !== undefined) return name;
  throw notUser();
}

export function notUser(): ServiceError {
  return invalidRequest('Must specify userName when calling with non-User credentials');
}

/** The name at the end of a user's ARN. */
export function lastName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
