import { hash } from 'node:crypto';
import type { Caller } from '../../../access/caller.ts';
import { managedPolicy, policyNamed } from '../../../access/identity/lookup.ts';
import type { Account, IdentityState, ManagedPolicy, PolicyVersion } from '../../../access/identity/state.ts';
import { type AwsManagedPolicy, awsManagedPolicy } from '../../../access/policy/aws-managed.ts';
import { invalidInput, noSuchEntity, notAttachable } from '../errors.ts';
import type { IamWorld } from '../world.ts';
import { arnOf, keptArn } from './arn.ts';
import { uniqueId } from './unique-id.ts';

/**
 * The account's own policy with an ARN. InvalidInput for what is no such ARN, NoSuchEntity when there is
 * none.
 */
export function requirePolicy(state: IdentityState, account: string, arn: string): ManagedPolicy {
  requirePolicyArn(arn);
  const own = state.accounts.get(account);
  const policy = own && managedPolicy(own, arn);
  if (policy === undefined) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

/** The same for a policy that may be AWS's, in the form of one's own; see `AwsManagedPolicy`. */
export function requireAnyPolicy(state: IdentityState, account: string, arn: string): ManagedPolicy {
  const aws = awsManagedPolicy(arn);
  return aws === undefined ? requirePolicy(state, account, arn) : asManaged(aws);
}

/** AWS's policies have one version here, of the time when AWS began to have them. */
export function asManaged({ name, path, description, document }: AwsManagedPolicy): ManagedPolicy {
  const version = { id: 'v1', document, createdAt: firstAwsPolicies };
  return {
    id: awsIdOf(name),
    name,
    path,
    createdAt: firstAwsPolicies,
    description,
    tags: [],
    versions: [version],
    defaultVersion: 'v1',
    nextVersion: 2,
  };
}

/** In AWS's form, and always the same. */
function awsIdOf(name: string): string {
  return uniqueId('ANPA', { bytes: (length) => hash('sha256', name, 'buffer').subarray(0, length) });
}

const firstAwsPolicies = Date.UTC(2015, 1, 6);

/** InvalidInput for AWS's own policies, which nobody changes. */
export function requireOwn(arn: string): void {
  if (policyNamed(arn)?.owner === 'aws') {
    throw invalidInput('Operation cannot be performed on an AWS managed policy.');
  }
}

export function requireVersion({ versions }: ManagedPolicy, arn: string, id: string): PolicyVersion {
  const version = versions.find((one) => one.id === id);
  if (version !== undefined) return version;
  throw noSuchEntity(`Policy ${arn} version ${id} does not exist or is not attachable.`);
}

/**
 * The ARN as the state has it, of a policy that may be attached or be a boundary: the account's own, or one
 * of AWS's. AWS's that are not known here allow nothing here, so that stacks can attach them. `what` begins
 * the text of NoSuchEntity: `Policy` or `Scope ARN:`.
 */
export function attachable(account: Account | undefined, arn: string, what: string): string {
  requirePolicyArn(arn);
  const { owner, name } = policyNamed(arn)!;
  const own = account && managedPolicy(account, arn);
  if (own !== undefined) return `arn:aws:iam::${owner}:policy${own.path}${own.name}`;
  const missing = noSuchEntity(`${what} ${arn} does not exist or is not attachable.`);
  if (owner !== 'aws') throw missing;
  // What is there to deny must not be taken for one that allows nothing.
  if (awsManagedPolicy(arn) === undefined && /Deny|Quarantine/i.test(name)) {
    throw notAttachable(`The policy ${arn} denies actions, and this server does not know which.`);
  }
  return keptArn(arn);
}

export function requirePolicyArn(arn: string): void {
  if (policyNamed(arn) === undefined) throw invalidInput(`ARN ${arn} is not valid.`);
}

/**
 * The ARN that permissions on a policy are asked for. What AWS owns belongs to no account, and everybody may
 * read it.
 */
export function policyResource(world: IamWorld, arn: string, caller: Caller): string {
  return policyNamed(arn)?.owner === 'aws' ? '*' : meantPolicy(world, arn, caller);
}

/**
 * The one way to write the ARN of a policy: of the caller's partition, and in the case in which its name was
 * given when it was made. However a request writes it, policies see this.
 */
export function meantPolicy({ identity }: IamWorld, arn: string, caller: Caller): string {
  const named = policyNamed(arn);
  if (named === undefined) return arn;
  // What is written of another account's says nothing about what it has.
  const own = named.owner === caller.account ? identity.state.accounts.get(caller.account) : undefined;
  const { path, name } = (own && managedPolicy(own, arn)) ?? named;
  return arnOf({ account: named.owner, arn: caller.arn }, 'policy', { path, name });
}

/** The document that counts. */
export function defaultVersionOf({ versions, defaultVersion }: ManagedPolicy): string {
  return versions.find(({ id }) => id === defaultVersion)!.document;
}
