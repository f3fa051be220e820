import type { Caller } from '../access/caller.ts';
import type { Peer } from '../env/network.ts';
import { ServiceError } from '../wire/service-error.ts';

/** What a permission is asked for: the caller, the action, the resource and the request's origin. */
export type Access = {
  readonly caller: Caller;
  /** As IAM names it: `kinesis:PutRecord`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  readonly peer: Peer;
};

/**
 * AccessDeniedException when the caller may not do this: so far, when the resource belongs to another
 * account. The origin of the request does not matter yet.
 */
export function authorize({ caller, action, resource }: Access): void {
  const owner = accountIn(resource);
  if (owner === undefined || owner === caller.account) return;
  throw new ServiceError(
    'AccessDeniedException',
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ` +
      `because no resource-based policy allows the ${action} action`,
  );
}

/** The account in an ARN, between its fourth and fifth colon; undefined in `*`. */
function accountIn(resource: string): string | undefined {
  let at = -1;
  for (let colons = 0; colons < 4; colons++) {
    at = resource.indexOf(':', at + 1);
    if (at === -1) return undefined;
  }
  return resource.slice(at + 1, resource.indexOf(':', at + 1));
}
