import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IdentityDraft } from '../../../src/access/identity/apply.ts';
import type { IdentityEdit } from '../../../src/access/identity/edit.ts';
import {
  accountsMax,
  groupsMax,
  identityCharactersMax,
  rolesMax,
  thingsMax,
  usersMax,
} from '../../../src/access/identity/quotas.ts';
import { requireRoom } from '../../../src/access/identity/room.ts';
import {
  emptyIdentity,
  type IdentityState,
  type IdentityTag,
  type User,
} from '../../../src/access/identity/state.ts';
import { account, groupOf, keyOf, policyOf, roleOf, userOf, versionOf } from './samples.ts';

function after(edits: readonly IdentityEdit[], from = emptyIdentity): IdentityState {
  const draft = new IdentityDraft(from);
  for (const edit of edits) draft.apply(edit);
  return draft.finish(1);
}

/** `fine`, or the text of LimitExceeded. */
function said(state: IdentityState, ...edits: readonly IdentityEdit[]): string {
  try {
    requireRoom(state, edits);
    return 'fine';
  } catch (error) {
    assert.equal((error as Error).name, 'LimitExceeded');
    return (error as Error).message;
  }
}

const user = (parts: Partial<User>): IdentityEdit => ({
  kind: 'user-changed',
  account,
  user: userOf('ann', parts),
});
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);
const inline = (characters: number) => [{ name: 'p', document: `${'x'.repeat(characters)}   \n` }];
const tags = (count: number): IdentityTag[] => numbered(count).map((key) => ({ key, value: '' }));

test('what one user, group, role, policy or account may have is what AWS allows', () => {
  const exceeded = (quota: string, max: number) => `Cannot exceed quota for ${quota}: ${max}`;
  const groups = numbered(11).map(
    (name): IdentityEdit => ({
      kind: 'group-changed',
      account,
      group: groupOf(name),
    }),
  );
  const state = after([...groups, user({})]);
  const cases: [edit: IdentityEdit, answer: string][] = [
    [user({ groups: numbered(10) }), 'fine'],
    [user({ groups: numbered(11) }), exceeded('GroupsPerUser', 10)],
    [user({ attached: numbered(10) }), 'fine'],
    [user({ attached: numbered(11) }), exceeded('PoliciesPerUser', 10)],
    [user({ inline: inline(2048) }), 'fine'],
    [user({ inline: inline(2049) }), 'Maximum policy size of 2048 bytes exceeded for user ann'],
    [user({ tags: tags(50) }), 'fine'],
    [user({ tags: tags(51) }), 'The number of tags has reached the maximum limit.'],
    [
      { kind: 'group-changed', account, group: groupOf('n0', { inline: inline(5121) }) },
      'Maximum policy size of 5120 bytes exceeded for group n0',
    ],
    [{ kind: 'role-changed', account, role: roleOf('r', { inline: inline(10_240) }) }, 'fine'],
    [
      { kind: 'role-changed', account, role: roleOf('r', { inline: inline(10_241) }) },
      'Maximum policy size of 10240 bytes exceeded for role r',
    ],
    [
      { kind: 'role-changed', account, role: roleOf('r', { trust: 'x'.repeat(2049) }) },
      exceeded('ACLSizePerRole', 2048),
    ],
    [
      {
        kind: 'policy-changed',
        account,
        policy: policyOf('p', { versions: [versionOf(1, 'x'.repeat(6145))] }),
      },
      exceeded('PolicySize', 6144),
    ],
    [
      {
        kind: 'policy-changed',
        account,
        policy: policyOf('p', { versions: [1, 2, 3, 4, 5, 6].map((one) => versionOf(one)) }),
      },
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    ],
  ];
  for (const [edit, answer] of cases) assert.equal(said(state, edit), answer);
});

test('an account has no more users, groups and roles than AWS allows, and a user no more keys', () => {
  const made = after([
    ...numbered(usersMax).map(
      (name): IdentityEdit => ({ kind: 'user-changed', account, user: userOf(name) }),
    ),
    ...numbered(groupsMax).map(
      (name): IdentityEdit => ({ kind: 'group-changed', account, group: groupOf(name) }),
    ),
    ...numbered(rolesMax).map(
      (name): IdentityEdit => ({ kind: 'role-changed', account, role: roleOf(name) }),
    ),
    { kind: 'access-key-changed', key: keyOf('AKIA1', 'n1') },
    { kind: 'access-key-changed', key: keyOf('AKIA2', 'n1') },
  ]);
  assert.equal(said(made, user({})), `Cannot exceed quota for UsersPerAccount: ${usersMax}`);
  assert.match(said(made, { kind: 'group-changed', account, group: groupOf('g') }), /GroupsPerAccount: 300/);
  assert.match(said(made, { kind: 'role-changed', account, role: roleOf('r') }), /RolesPerAccount: 1000/);
  const key = (id: string, name: string): IdentityEdit => ({
    kind: 'access-key-changed',
    key: keyOf(id, name),
  });
  assert.match(said(made, key('AKIA3', 'n1')), /AccessKeysPerUser: 2/);
  assert.equal(said(made, key('AKIA1', 'n1')), 'fine');
  assert.equal(said(made, key('AKIA3', 'n2')), 'fine');
  assert.equal(said(made, { kind: 'user-changed', account: '222222222222', user: userOf('ann') }), 'fine');
});

test('what is over a quota already may change and shrink, and not grow', () => {
  const state = after([user({ attached: numbered(12), inline: inline(3000), tags: tags(60) })]);
  assert.equal(said(state, user({ attached: numbered(11), inline: inline(2999), tags: tags(59) })), 'fine');
  assert.match(said(state, user({ attached: numbered(13) })), /PoliciesPerUser/);
  assert.match(said(state, user({ inline: inline(3001) })), /Maximum policy size/);
});

test('a server has room for so many accounts, things and characters', () => {
  const users = numbered(5000);
  const accounts = numbered(10).map((id) => ({
    ...{ id, groups: [], roles: [], policies: [] },
    users: users.map((name) => userOf(name)),
  }));
  const full = after([{ kind: 'snapshot', sessionSecret: '', accounts, accessKeys: [] }]);
  assert.match(
    said(full, { kind: 'role-changed', account: 'n1', role: roleOf('r') }),
    new RegExp(`room for ${thingsMax} users, groups, roles, policies and access keys. It has ${thingsMax}`),
  );
  assert.equal(said(full, { kind: 'user-changed', account: 'n1', user: userOf('n7') }), 'fine');
  const many = numbered(accountsMax).map((id) => ({ id, users: [], groups: [], roles: [], policies: [] }));
  const crowded = after([{ kind: 'snapshot', sessionSecret: '', accounts: many, accessKeys: [] }]);
  assert.match(said(crowded, user({})), new RegExp(`room for ${accountsMax} accounts`));
  const wordy = { ...emptyIdentity, characters: identityCharactersMax - 10 };
  assert.match(said(wordy, user({})), /room for \d+ characters/);
  assert.equal(said(wordy, { kind: 'user-deleted', account, name: 'ann' }), 'fine');
});

test('the characters that are counted are those that are there, whatever was changed before', () => {
  const state = after([
    { kind: 'group-changed', account, group: groupOf('shop') },
    user({ groups: ['shop'], inline: inline(100) }),
    { kind: 'access-key-changed', key: keyOf('AKIA1', 'ann') },
    { kind: 'group-renamed', account, from: 'shop', group: groupOf('department-store', { id: 'AGPA-shop' }) },
    { kind: 'user-deleted', account, name: 'ann' },
    { kind: 'group-deleted', account, name: 'department-store' },
  ]);
  assert.equal(state.characters, 0);
});
