import type { Caller } from '../../../access/caller.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import type { Permission } from '../../../rpc/operation.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { invalidArgument } from '../errors.ts';
import type { OpenedFirehose } from '../world.ts';
import { deliveryStreamArnOf } from './delivery-stream.ts';

/** All roles that a request hands to Firehose, each once: the values of members that are called so. */
export function rolesIn(request: unknown): string[] {
  return [...new Set(valuesOf(request))];
}

function* valuesOf(value: unknown): Generator<string> {
  if (Buffer.isBuffer(value) || typeof value !== 'object' || value === null) return;
  for (const [name, each] of Object.entries(value)) {
    if (name === 'RoleARN' && typeof each === 'string') yield each;
    else yield* valuesOf(each);
  }
}

/**
 * Handing a role to a service takes `iam:PassRole` (IAM user guide, "Grant a user permissions to pass a role
 * to an AWS service"). Throws AWS's error for a role of another account.
 */
export function passing(roles: readonly string[], { account }: Caller): Permission[] {
  const foreign = roles.find((role) => role.split(':')[4] !== account);
  if (foreign !== undefined) {
    throw new ServiceError('AccessDeniedException', 'Cross-account pass role is not allowed.', 403);
  }
  const context = new Map([['iam:passedtoservice', ['firehose.amazonaws.com']]]);
  return roles.map((role) => ({ action: 'iam:PassRole', resource: role, context }));
}

/** Refuses roles that Firehose may not take on. The text is AWS's. */
export function requireRoles(
  { isAssumable }: OpenedFirehose,
  roles: readonly string[],
  address: StreamAddress,
): void {
  const by = deliveryStreamArnOf(address);
  const refused = roles.find((role) => !isAssumable(role, by));
  if (refused === undefined) return;
  throw invalidArgument(`Firehose is unable to assume role ${refused}. Please check the role provided.`);
}
