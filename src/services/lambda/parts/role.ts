import type { Caller } from '../../../access/caller.ts';
import type { Permission } from '../../../rpc/operation.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { invalidValue } from '../errors.ts';
import type { LambdaWorld } from '../world.ts';

/**
 * Permissions of a call that gives a function its role: handing one to a service takes `iam:PassRole` besides
 * (IAM user guide, "Grant a user permissions to pass a role to an AWS service"). Throws AWS's error for a
 * role of another account.
 */
export function passing(
  action: string,
  resource: string,
  role: string | undefined,
  caller: Caller,
): Permission[] {
  const own = { action, resource };
  if (role === undefined) return [own];
  if (role.split(':')[4] !== caller.account) {
    throw new ServiceError('AccessDeniedException', 'Cross-account pass role is not allowed.', 403);
  }
  const context = new Map([['iam:passedtoservice', ['lambda.amazonaws.com']]]);
  return [own, { action: 'iam:PassRole', resource: role, context }];
}

/** Refuses a role that Lambda may not take on. The text is AWS's. */
export function requireAssumable(world: LambdaWorld, role: string): void {
  if (world.opened().isAssumable(role)) return;
  throw invalidValue('The role defined for the function cannot be assumed by Lambda.');
}
