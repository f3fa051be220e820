import { ServiceError } from '../../wire/service-error.ts';
import { sizeOf } from './characters.ts';
import type { IdentityEdit } from './edit.ts';
import {
  accessKeysMax,
  attachedPoliciesMax,
  groupPolicyCharactersMax,
  groupsMax,
  groupsOfUserMax,
  managedPoliciesMax,
  managedPolicyCharactersMax,
  policyVersionsMax,
  rolePolicyCharactersMax,
  rolesMax,
  tagsMax,
  trustCharactersMax,
  userPolicyCharactersMax,
  usersMax,
} from './quotas.ts';
import {
  type AccessKey,
  type Group,
  type Identity,
  type IdentityState,
  type IdentityTag,
  keyOf,
  type ManagedPolicy,
  type Named,
  type Role,
  type User,
} from './state.ts';

/**
 * LimitExceeded, in AWS's words, when the edit takes something over one of AWS's quotas. What is over a
 * quota already may stay so, and shrink.
 */
export function requireQuota(state: IdentityState, edit: IdentityEdit): void {
  const account = 'account' in edit ? state.accounts.get(edit.account) : undefined;
  switch (edit.kind) {
    case 'user-changed':
      requireUser(edit.user, account?.users);
      break;
    case 'group-changed':
      requireGroup(edit.group, account?.groups);
      break;
    case 'role-changed':
      requireRole(edit.role, account?.roles);
      break;
    case 'policy-changed':
      requirePolicy(edit.policy, account?.policies);
      break;
    case 'access-key-changed':
      requireKey(state, edit.key);
      break;
    default:
  }
}

type Before<Thing> = ReadonlyMap<string, Thing> | undefined;

function requireUser(user: User, users: Before<User>): void {
  const before = users?.get(keyOf(user.name));
  requireNew('UsersPerAccount', users, before, usersMax);
  requireIdentity('user', user, before, userPolicyCharactersMax);
  requireTags(user.tags, before);
  atMost('GroupsPerUser', groupsOfUserMax, user.groups.length, before?.groups.length);
}

function requireGroup(group: Group, groups: Before<Group>): void {
  const before = groups?.get(keyOf(group.name));
  requireNew('GroupsPerAccount', groups, before, groupsMax);
  requireIdentity('group', group, before, groupPolicyCharactersMax);
}

function requireRole(role: Role, roles: Before<Role>): void {
  const before = roles?.get(keyOf(role.name));
  requireNew('RolesPerAccount', roles, before, rolesMax);
  requireIdentity('role', role, before, rolePolicyCharactersMax);
  requireTags(role.tags, before);
  atMost('ACLSizePerRole', trustCharactersMax, sizeOf(role.trust), before && sizeOf(before.trust));
}

function requirePolicy(policy: ManagedPolicy, policies: Before<ManagedPolicy>): void {
  const before = policies?.get(keyOf(policy.name));
  requireNew('PoliciesPerAccount', policies, before, managedPoliciesMax);
  requireTags(policy.tags, before);
  if (policy.versions.length > Math.max(policyVersionsMax, before?.versions.length ?? 0)) {
    throw limitExceeded(
      `A managed policy can have up to ${policyVersionsMax} versions. ` +
        'Before you create a new version, you must delete an existing version.',
    );
  }
  for (const { id, document } of policy.versions) {
    const earlier = before?.versions.find((version) => version.id === id);
    atMost('PolicySize', managedPolicyCharactersMax, sizeOf(document), earlier && sizeOf(earlier.document));
  }
}

/** Of the root user too: AWS's quota is for each. */
function requireKey({ accessKeys }: IdentityState, { id, account, user }: AccessKey): void {
  if (accessKeys.has(id)) return;
  let held = 0;
  for (const key of accessKeys.values()) if (key.account === account && key.user === user) held += 1;
  atMost('AccessKeysPerUser', accessKeysMax, held + 1);
}

type Kind = 'user' | 'group' | 'role';

function requireIdentity(
  kind: Kind,
  identity: Identity,
  before: Identity | undefined,
  charactersMax: number,
): void {
  const quota = `PoliciesPer${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  atMost(quota, attachedPoliciesMax, identity.attached.length, before?.attached.length);
  if (identity.inline === before?.inline) return;
  const size = inlineSize(identity);
  if (size <= charactersMax || (before !== undefined && size <= inlineSize(before))) return;
  throw limitExceeded(`Maximum policy size of ${charactersMax} bytes exceeded for ${kind} ${identity.name}`);
}

function inlineSize({ inline }: Identity): number {
  return inline.reduce((total, { document }) => total + sizeOf(document), 0);
}

function requireTags(
  tags: readonly IdentityTag[],
  before: { tags: readonly IdentityTag[] } | undefined,
): void {
  if (tags.length <= Math.max(tagsMax, before?.tags.length ?? 0)) return;
  throw limitExceeded(`The number of tags has reached the maximum limit.`);
}

function requireNew(quota: string, things: Before<Named>, before: Named | undefined, max: number): void {
  if (before === undefined) atMost(quota, max, (things?.size ?? 0) + 1);
}

function atMost(quota: string, max: number, after: number, before = 0): void {
  if (after > max && after > before) throw limitExceeded(`Cannot exceed quota for ${quota}: ${max}`);
}

function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceeded', message, 409);
}
