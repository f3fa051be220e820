import { hash } from 'node:crypto';
import type { Caller } from '../../../access/caller.ts';
import { managedPolicy, policyNamed } from '../../../access/identity/lookup.ts';
import type { Account, IdentityState, ManagedPolicy, PolicyVersion } from '../../../access/identity/state.ts';
import { type AwsManagedPolicy, awsManagedPolicy } from '../../../access/policy/aws-managed.ts';
import { inOnePartition } from '../../../access/policy/one-partition.ts';
import { uniqueId } from '../../../access/unique-id.ts';
import { invalidInput, noSuchEntity, notAttachable } from '../errors.ts';
import type { IamWorld } from '../world.ts';
import { shownArn } from './arn.ts';

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
  return inOnePartition(arn);
}

export function requirePolicyArn(arn: string): void {
  if (policyNamed(arn) === undefined) throw invalidInput(`ARN ${arn} is not valid.`);
}

/** What permissions on a policy are asked for. AWS's belong to no account, and everybody may read them. */
export function policyResource({ identity }: IamWorld, caller: Caller, arn: string): string {
  if (policyNamed(arn)?.owner === 'aws') return '*';
  return shownArn(knownArn(identity.state, caller, arn), caller);
}

/**
 * The ARN of a policy as policies see it: as the state has it when it is there, so that no other spelling
 * gets around a denial.
 */
export function knownArn(state: IdentityState, { account }: Caller, arn: string): string {
  const own = state.accounts.get(account);
  const policy = own && managedPolicy(own, arn);
  if (policy === undefined) return inOnePartition(arn);
  return `arn:aws:iam::${account}:policy${policy.path}${policy.name}`;
}

/** The document that counts. */
export function defaultVersionOf({ versions, defaultVersion }: ManagedPolicy): string {
  return versions.find(({ id }) => id === defaultVersion)!.document;
}
