import type { Caller } from '../../../access/caller.ts';
import type { IdentityState, Role } from '../../../access/identity/state.ts';
import type { ResourceFacts } from '../../../access/policy/access.ts';
import { partitionIn } from '../../../kinesis/arn.ts';
import { ServiceError } from '../../../wire/service-error.ts';

/** A role, and the account that it is of. */
export type RoleAt = { readonly account: string; readonly role: Role };

/** The role of an ARN; undefined when there is none. */
export function findRole({ accounts }: IdentityState, arn: string): RoleAt | undefined {
  const [, account = '', path, name = ''] = roleArnForm.exec(arn) ?? [];
  const role = accounts.get(account)?.roles.get(name.toLowerCase());
  return role?.name === name && role.path === path ? { account, role } : undefined;
}

const roleArnForm = /^arn:aws[a-z-]*:iam::(\d{12}):role(\/|\/[!-~]+\/)([\w+=,.@-]+)$/;

/**
 * The ARN that permissions on a role are asked for: of the partition that the caller is of, whichever one the
 * request names, so that no policy about the role is got around.
 */
export function roleResource(arn: string, caller: Caller): string {
  return arn.replace(/^arn:aws[a-z-]*:iam:/, `arn:${partitionIn(caller.arn)}:iam:`);
}

/** ValidationError for what is no ARN at all. */
export function requireArn(text: string): void {
  if (/^arn:[\w-]+:[\w-]+:[\w-]*:\d*:.+$/s.test(text)) return;
  throw new ServiceError('ValidationException', `${text} is invalid`);
}

/**
 * What policies may ask about a role that is assumed: nobody may whom its trust policy does not name. Where
 * there is no role nobody may either, so that the answer does not tell which roles there are.
 */
export function roleFacts(state: IdentityState, arn: string): ResourceFacts | undefined {
  if (!arn.includes(':role/')) return undefined;
  const found = findRole(state, arn);
  return { policy: found?.role.trust ?? null, tags: found?.role.tags ?? [], isPolicyRequired: true };
}

export function assumeDenied(arn: string, role: string): ServiceError {
  return new ServiceError(
    'AccessDeniedException',
    `User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${role}`,
  );
}
