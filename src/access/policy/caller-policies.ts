import { partitionIn } from '../../kinesis/arn.ts';
import type { Caller, Principal } from '../caller.ts';
import type { Account, Identity, IdentityTag, ManagedPolicy } from '../identity/state.ts';
import { awsManagedPolicy } from './aws-managed.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { CallerValues } from './condition-values.ts';
import type { PolicySet } from './decision.ts';
import type { PolicyCache } from './policy-cache.ts';

/** Whom a request comes from, and what it may do. */
export type CallerPolicies = {
  readonly values: CallerValues;
  readonly policies: Omit<PolicySet, 'resource'>;
};

/** What the accounts say of a caller. A user or a role that is gone has no permissions. */
export function callerPolicies(
  caller: Caller,
  account: Account | undefined,
  cache: PolicyCache,
): CallerPolicies {
  const { principal } = caller;
  switch (principal.kind) {
    case 'root':
    case 'profile':
    case 'anyone':
      return { values: valuesOfWhole(caller), policies: { identity: 'everything' } };
    case 'user':
    case 'role':
      return policiesOf(caller, principal, account, cache);
  }
}

function policiesOf(
  caller: Caller,
  principal: Limited,
  account: Account | undefined,
  cache: PolicyCache,
): CallerPolicies {
  const found = account && find(account, principal);
  const roleArn =
    principal.kind === 'user'
      ? undefined
      : roleArnOf(caller, found?.path ?? '/', found?.name ?? principal.name);
  const compile = (texts: readonly string[]) => texts.map((text) => cache.compile(text, 'identity'));
  const managed = (arns: readonly string[]) => compile(arns.flatMap((arn) => documentsOf(arn, account)));
  const groups = found !== undefined && 'groups' in found ? found.groups : [];
  const identities: Identity[] = found === undefined ? [] : [found];
  for (const group of groups) identities.push(...listOf(account?.groups.get(group)));
  return {
    values: {
      names: { account: caller.account, arn: caller.arn, roleArn, id: principal.id },
      userName: principal.kind === 'user' ? (found?.name ?? principal.name) : undefined,
      type: principal.kind === 'user' ? 'User' : 'AssumedRole',
      tags: tagsOf(found?.tags ?? [], principal.sessionTags ?? []),
    },
    policies: {
      identity: identities.flatMap(({ inline, attached }) => [
        ...compile(inline.map(({ document }) => document)),
        ...managed(attached),
      ]),
      boundary: found === undefined || found.boundary === null ? undefined : managed([found.boundary]),
      session: sessionOf(principal, compile, managed),
    },
  };
}

type Limited = Extract<Principal, { readonly kind: 'user' | 'role' }>;

/** By its name, if the one that now has it is not another one. */
function find(account: Account, { kind, id, name }: Limited) {
  const found = (kind === 'user' ? account.users : account.roles).get(name.toLowerCase());
  return found?.id === id ? found : undefined;
}

function sessionOf(
  { sessionPolicies = [], sessionPolicyArns = [] }: Limited,
  compile: (texts: readonly string[]) => CompiledPolicy[],
  managed: (arns: readonly string[]) => CompiledPolicy[],
): CompiledPolicy[] | undefined {
  if (sessionPolicies.length === 0 && sessionPolicyArns.length === 0) return undefined;
  return [...compile(sessionPolicies), ...managed(sessionPolicyArns)];
}

/** The document that counts of a managed policy; none of one that is gone, so that it allows nothing. */
function documentsOf(arn: string, account: Account | undefined): readonly string[] {
  const name = arn.slice(arn.lastIndexOf('/') + 1).toLowerCase();
  const policy = isPolicyOf(arn, account) ? account?.policies.get(name) : undefined;
  return listOf(awsManagedPolicy(arn)?.document ?? (policy && defaultVersionOf(policy)));
}

function isPolicyOf(arn: string, account: Account | undefined): boolean {
  const [, , service, , id, resource] = arn.split(':', 6);
  return service === 'iam' && id === account?.id && resource?.startsWith('policy/') === true;
}

function defaultVersionOf({ versions, defaultVersion }: ManagedPolicy): string | undefined {
  return versions.find(({ id }) => id === defaultVersion)?.document;
}

/** A session's tags win over those of its role. */
function tagsOf(own: readonly IdentityTag[], session: readonly IdentityTag[]): readonly IdentityTag[] {
  if (session.length === 0) return own;
  const keys = new Set(session.map(({ key }) => key.toLowerCase()));
  return [...own.filter(({ key }) => !keys.has(key.toLowerCase())), ...session];
}

function roleArnOf({ arn, account }: Caller, path: string, name: string): string {
  return `arn:${partitionIn(arn)}:iam::${account}:role${path}${name}`;
}

/** A root user, or a profile, which is called as a user is. */
function valuesOfWhole({ account, arn }: Caller): CallerValues {
  const name = arn.split(':user/')[1];
  return {
    names: { account, arn, roleArn: undefined, id: undefined },
    userName: name,
    type: name === undefined ? 'Account' : 'User',
    tags: [],
  };
}

function listOf<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
