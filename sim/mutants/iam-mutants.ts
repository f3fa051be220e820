import type { Mutant } from './mutant.ts';

const users = 'test/services/iam/users.test.ts';

/** Bugs in who there is, and what belongs to whom. */
export const iamMutants: readonly Mutant[] = [
  {
    name: 'secret-in-clear',
    sentence: 'The secret of an access key lies in the journal as it is.',
    edits: [
      {
        file: 'src/services/iam/operations/access-key.ts',
        find: 'rootKey.wrap(Buffer.from(secret), purposeOfAccessKey(id))',
        replace: 'secret',
      },
    ],
    proof: {
      kind: 'test',
      file: users,
      test: 'the secret of an access key is told once, and lies in the journal only wrapped',
    },
  },
  {
    name: 'deleted-key-stays',
    sentence: 'An access key that was deleted is found all the same.',
    edits: [
      { file: 'src/access/identity/apply.ts', find: 'this.#remove(this.#keys(), edit.id);', replace: '' },
    ],
    proof: {
      kind: 'test',
      file: users,
      test: 'a deleted access key is found no more, after a restart too',
    },
  },
  {
    name: 'key-of-anyone',
    sentence: 'Who may delete an access key of one user deletes that of another.',
    edits: [
      {
        file: 'src/services/iam/operations/access-key.ts',
        find: 'accessKeysOf(state, caller.account, owner).find((one) => one.id === id)',
        replace: 'state.accessKeys.get(id)',
      },
    ],
    proof: {
      kind: 'test',
      file: users,
      test: 'a user has two access keys at most, and another user cannot touch them',
    },
  },
  {
    name: 'keys-keep-the-old-name',
    sentence: 'The access keys of a renamed user wait for whoever gets its old name.',
    edits: [
      {
        file: 'src/access/identity/apply.ts',
        find: 'this.#renameInKeys(account, keyOf(edit.from), keyOf(edit.user.name));',
        replace: '',
      },
    ],
    proof: { kind: 'test', file: users, test: 'a renamed user keeps its keys, its groups and its id' },
  },
  {
    name: 'name-is-enough',
    sentence: 'Sessions of a user who was deleted belong to the one that is made again under its name.',
    edits: [
      {
        file: 'src/access/identity/lookup.ts',
        find: 'return found?.id === principal.id ? found : undefined;',
        replace: 'return found;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/iam/permissions.test.ts',
      test: 'a user that is made again under its name is another one',
    },
  },
  {
    name: 'role-goes-with-its-policies',
    sentence: 'A role is deleted although policies are attached to it.',
    edits: [
      {
        file: 'src/services/iam/operations/role.ts',
        find: "if (attached.length > 0) throw mustFirst('detach all policies');",
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/iam/stack.test.ts',
      test: 'a stack makes a role for a function and reads all of it back, then deletes it in order',
    },
  },
  {
    name: 'another-spelling',
    sentence: 'A policy is changed under a spelling of its name that no denial names.',
    edits: [
      {
        file: 'src/services/iam/parts/policy.ts',
        find: 'const policy = own && managedPolicy(own, arn);\n  if (policy === undefined) return inOnePartition(arn);',
        replace:
          'const policy = own && managedPolicy(own, arn);\n  if (policy !== null) return inOnePartition(arn);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/iam/permissions.test.ts',
      test: 'no other spelling of a name, and no other region, gets around a denial',
    },
  },
  {
    name: 'another-partition',
    sentence: 'Who signs for a region of China sees users and policies under names that no denial names.',
    edits: [
      {
        file: 'src/access/policy/decision.ts',
        find: 'this.#resource = inOnePartition(question.resource);',
        replace: 'this.#resource = question.resource;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/iam/permissions.test.ts',
      test: 'no other spelling of a name, and no other region, gets around a denial',
    },
  },
];
