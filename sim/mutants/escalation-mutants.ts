import type { Mutant } from './mutant.ts';

const ofIam = 'test/services/iam/escalation.test.ts';
const ofServer = 'test/server/escalation.test.ts';

/** Bugs by which callers do more than they may. */
export const escalationMutants: readonly Mutant[] = [
  {
    name: 'policy-as-it-is-written',
    sentence:
      'Permission on a managed policy is asked for its ARN in the case in which the request writes it.',
    edits: [
      {
        file: 'src/services/iam/parts/policy.ts',
        find: 'const { path, name } = (own && managedPolicy(own, arn)) ?? named;',
        replace: 'const { path, name } = own === undefined ? named : named;',
      },
    ],
    proof: {
      kind: 'test',
      file: ofIam,
      test: 'a policy that is closed to a user is so in whichever way its ARN is written',
    },
  },
  {
    name: 'any-name-for-a-user',
    sentence: 'Whoever may rename a user may give it a name that is closed to it.',
    edits: [
      {
        file: 'src/services/iam/parts/kind.ts',
        find: 'permissions: [resource, renamed].map(',
        replace: 'permissions: [resource, ...(renamed === action ? [renamed] : [])].map(',
      },
    ],
    proof: {
      kind: 'test',
      file: ofIam,
      test: 'a user or a group is renamed by whom the new name is open to as well',
    },
  },
  {
    name: 'partition-of-choice',
    sentence:
      'A user has the ARN of the partition that it signs for, and evades what is denied to the other.',
    edits: [
      {
        file: 'src/access/gate.ts',
        find: '?.callerOf({ ...verified, partition })',
        replace: '?.callerOf({ ...verified, partition: partitionOf(verified.region || partition) })',
      },
    ],
    proof: {
      kind: 'test',
      file: ofServer,
      test: 'a user has one ARN, whatever region it signs for',
    },
  },
  {
    name: 'one-of-two-tags',
    sentence: 'Of a tag that is said twice in different case, one fitting value lets in.',
    edits: [
      {
        file: 'src/access/policy/condition.ts',
        find: 'const isSingle = quantifier === undefined && isSingleValued(key);',
        replace: "const isSingle = quantifier === 'none' && isSingleValued(key);",
      },
    ],
    proof: {
      kind: 'test',
      file: ofServer,
      test: 'a tag that is said twice, in another case, lets nobody in by one of its values',
    },
  },
  {
    name: 'session-outlives-its-key',
    sentence: 'A session of a profile goes on when the access key of its profile is gone.',
    edits: [
      {
        file: 'src/access/known-keys.ts',
        find: 'return holder?.account === account && holder.name === name;',
        replace: 'return holder === undefined || (holder.account === account && holder.name === name);',
      },
    ],
    proof: {
      kind: 'test',
      file: ofServer,
      test: 'a session of a profile ends with the access key, and with the account, of its profile',
    },
  },
];
