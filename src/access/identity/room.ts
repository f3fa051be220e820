import { lackOfRoom, type Measure, sum } from '../../journal/room.ts';
import { ServiceError } from '../../wire/service-error.ts';
import { charactersOf } from './characters.ts';
import type { IdentityEdit } from './edit.ts';
import { requireQuota } from './quota.ts';
import { accountsMax, identityCharactersMax, thingsMax } from './quotas.ts';
import { type AccessKey, type Account, type IdentityState, keyOf, type Named } from './state.ts';

/**
 * LimitExceeded when an account is over one of AWS's quotas after the edits, or this server has no room for
 * them.
 */
export function requireRoom(state: IdentityState, edits: readonly IdentityEdit[]): void {
  for (const edit of edits) requireQuota(state, edit);
  const lack = lackOfRoom(measures, state, edits);
  if (lack !== undefined) throw new ServiceError('LimitExceeded', lack, 409);
}

const measures: readonly Measure<IdentityState, IdentityEdit>[] = [
  {
    things: 'accounts with users, groups, roles or policies',
    max: accountsMax,
    held: ({ accounts }) => accounts.size,
    added: ({ accounts }, edit) => (changedIn(edit) && !accounts.has(edit.account) ? 1 : 0),
  },
  {
    things: 'users, groups, roles, policies and access keys',
    max: thingsMax,
    held: ({ accounts, accessKeys }) => accessKeys.size + sum(accounts.values(), thingsIn),
    added: (state, edit) => (changed(edit) !== undefined && before(state, edit) === undefined ? 1 : 0),
  },
  {
    things: 'characters of names, tags and policies',
    max: identityCharactersMax,
    held: ({ characters }) => characters,
    added: (state, edit) => {
      const after = changed(edit);
      if (after === undefined) return 0;
      const earlier = before(state, edit);
      return charactersOf(after) - (earlier === undefined ? 0 : charactersOf(earlier));
    },
  },
];

type ChangeIn = Extract<IdentityEdit, { readonly account: string }>;

function changedIn(edit: IdentityEdit): edit is ChangeIn {
  return 'account' in edit && changed(edit) !== undefined;
}

/** What an edit makes, or makes anew; undefined when it makes nothing. */
function changed(edit: IdentityEdit): Named | AccessKey | undefined {
  switch (edit.kind) {
    case 'user-changed':
    case 'user-renamed':
      return edit.user;
    case 'group-changed':
    case 'group-renamed':
      return edit.group;
    case 'role-changed':
      return edit.role;
    case 'policy-changed':
      return edit.policy;
    case 'access-key-changed':
      return edit.key;
    default:
      return undefined;
  }
}

/** What stands in the place of what an edit makes. */
function before({ accounts, accessKeys }: IdentityState, edit: IdentityEdit): Named | AccessKey | undefined {
  if (edit.kind === 'access-key-changed') return accessKeys.get(edit.key.id);
  const account = 'account' in edit ? accounts.get(edit.account) : undefined;
  switch (edit.kind) {
    case 'user-changed':
      return account?.users.get(keyOf(edit.user.name));
    case 'user-renamed':
      return account?.users.get(keyOf(edit.from));
    case 'group-changed':
      return account?.groups.get(keyOf(edit.group.name));
    case 'group-renamed':
      return account?.groups.get(keyOf(edit.from));
    case 'role-changed':
      return account?.roles.get(keyOf(edit.role.name));
    case 'policy-changed':
      return account?.policies.get(keyOf(edit.policy.name));
    default:
      return undefined;
  }
}

function thingsIn({ users, groups, roles, policies }: Account): number {
  return users.size + groups.size + roles.size + policies.size;
}
