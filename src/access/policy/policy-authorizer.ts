import type { Clock } from '../../env/clock.ts';
import { ServiceError } from '../../wire/service-error.ts';
import type { IdentityState } from '../identity/state.ts';
import type { Access, Authorizer } from './access.ts';

/** What the authorizer knows: who there is, the time, and whether policies count at all. */
type AuthorizerParts = {
  readonly identity: { readonly state: IdentityState };
  readonly clock: Clock;
  /** False where signatures are not verified: then only the account of a resource is looked at. */
  readonly enforced: boolean;
};

export class PolicyAuthorizer implements Authorizer {
  constructor(_parts: AuthorizerParts) {}

  authorize({ caller, action, resource }: Access): void {
    const owner = accountIn(resource);
    if (owner === undefined || owner === caller.account) return;
    throw new ServiceError(
      'AccessDeniedException',
      `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ` +
        `because no resource-based policy allows the ${action} action`,
    );
  }
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
