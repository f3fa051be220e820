import type { Caller } from '../../../access/caller.ts';
import type { IdentityTag } from '../../../access/identity/state.ts';
import { keyedValues, type RequestContext } from '../../../access/policy/access.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import type { IamWorld } from '../world.ts';
import { find, type Kind } from './kind.ts';
import { knownArn } from './policy.ts';

/**
 * Condition keys of calls of IAM, in lower case (service authorization reference, "Condition keys for AWS
 * Identity and Access Management"). Keys without a value are left out.
 */
type Facts = {
  readonly requestTags?: readonly IdentityTag[];
  readonly tagKeys?: readonly string[];
  /** The ARN of the policy that is attached or detached, as the state has it. */
  readonly policyArn?: string | undefined;
  /** The ARN of the boundary that a user or a role has or is to have, likewise. */
  readonly boundary?: string | null | undefined;
};

export function contextOf({ requestTags = [], tagKeys, policyArn, boundary }: Facts): RequestContext {
  const context = keyedValues(
    'aws:requesttag/',
    requestTags.map(({ key, value }) => [key, value] as const),
  );
  const keys = tagKeys ?? requestTags.map(({ key }) => key);
  if (keys.length > 0) context.set('aws:tagkeys', keys);
  if (policyArn !== undefined) context.set('iam:policyarn', [policyArn]);
  if (boundary) context.set('iam:permissionsboundary', [boundary]);
  return context;
}

/**
 * What making a user, a role or a policy asks for: with tags, permission to tag it as well (IAM user guide,
 * "Tags for IAM resources").
 */
export function making(
  noun: 'User' | 'Role' | 'Policy',
  resource: string,
  tags: readonly IdentityTag[],
): Pick<Prepared, 'resource' | 'permissions'> {
  const actions = [`iam:Create${noun}`, ...(tags.length > 0 ? [`iam:Tag${noun}`] : [])];
  return { resource, permissions: actions.map((action) => ({ action, resource })) };
}

/**
 * The boundary that a user or role has, and the policy that is attached or detached: whoever may change
 * policies may be bound to those of users with a boundary.
 */
export function boundaryContext(
  world: IamWorld,
  caller: Caller,
  kind: Kind,
  name: string,
  policyArn?: string,
): RequestContext {
  const found: object | undefined = find(world.identity.state, caller.account, kind, name);
  const boundary: unknown = found && Reflect.get(found, 'boundary');
  return contextOf({
    boundary: typeof boundary === 'string' ? boundary : undefined,
    policyArn: policyArn && knownArn(world.identity.state, caller, policyArn),
  });
}
