import type { IdentityState } from '../../access/identity/state.ts';
import { trustsService } from '../../access/policy/service-trust.ts';
import { findRole, type RoleAt } from '../../services/sts/parts/role.ts';

/** A role that Lambda may take on, by its ARN; undefined where there is none, or it does not trust Lambda. */
export function assumableRole(state: IdentityState, arn: string): RoleAt | undefined {
  const found = findRole(state, arn);
  return found !== undefined && trustsService(found.role.trust, lambdaPrincipal) ? found : undefined;
}

/** Whom a role has to trust (Lambda developer guide, "Execution role"). */
const lambdaPrincipal = 'lambda.amazonaws.com';

export function isAssumable(state: IdentityState, arn: string): boolean {
  return assumableRole(state, arn) !== undefined;
}
