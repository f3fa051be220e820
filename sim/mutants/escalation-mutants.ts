import type { Mutant } from './mutant.ts';

const ofIam = 'test/services/iam/escalation.test.ts';
const ofServer = 'test/server/escalation.test.ts';

/** Bugs by which callers do more than they may. */
export const escalationMutants: readonly Mutant[] = [
  {
    name: 'partition-of-nobody',
    sentence: 'Whoever writes a partition that is not there attaches what a denial names.',
    edits: [
      {
        file: 'src/access/policy/one-partition.ts',
        find: '/^arn:[^:]*:(iam|sts):/',
        replace: '/^arn:aws-[a-z-]{1,20}:(iam|sts):/',
      },
    ],
    proof: {
      kind: 'test',
      file: ofIam,
      test: 'a policy that may not be attached is the same in whichever way its ARN is written',
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
    name: 'partition-as-it-is-written',
    sentence: 'A denial that writes users of another partition than `aws` denies nothing.',
    edits: [
      {
        file: 'src/access/policy/compiled-policy.ts',
        find: '(isWithoutPartition(resource) ? matches(inAny, resource) : test(resource))',
        replace: '(inAny.length === 0 ? matches(inAny, resource) : test(resource))',
      },
    ],
    proof: {
      kind: 'test',
      file: ofServer,
      test: 'a user is shown in the partition that it signs for, and denied in whichever one a policy writes',
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
