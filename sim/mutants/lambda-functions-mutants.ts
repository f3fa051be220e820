import type { Mutant } from './mutant.ts';

const functionsTest = 'test/services/lambda/functions.test.ts';
const accessTest = 'test/services/lambda/function-access.test.ts';

/** Bugs in functions as they are made, changed, named and called. */
export const lambdaFunctionsMutants: readonly Mutant[] = [
  {
    name: 'function-role-not-passed',
    sentence: 'Whoever may make a function may give it any role of the account.',
    edits: [
      {
        file: 'src/services/lambda/parts/role.ts',
        find: "return [own, { action: 'iam:PassRole', resource: role, context }];",
        replace: 'return context.size > 0 ? [own] : [];',
      },
    ],
    proof: {
      kind: 'test',
      file: accessTest,
      test: 'a function takes a role that trusts Lambda, from someone who may pass it',
    },
  },
  {
    name: 'function-policy-of-all-actions',
    sentence: 'The policy of a function lets those whom it names call it by one action whatever it says.',
    edits: [
      {
        file: 'src/services/lambda/parts/function-policy.ts',
        find: '    Action: request.Action,\n',
        replace: "    Action: 'lambda:*',\n",
      },
    ],
    proof: {
      kind: 'test',
      file: accessTest,
      test: 'the policy of a function lets others call it, and nothing else',
    },
  },
  {
    name: 'version-number-again',
    sentence: 'The number of a version that was deleted is given again.',
    edits: [
      {
        file: 'src/services/lambda/parts/version.ts',
        find: 'const own = { version: found.nextVersion,',
        replace: 'const own = { version: (last?.version ?? 0) + 1,',
      },
    ],
    proof: {
      kind: 'test',
      file: functionsTest,
      test: 'a version is published when something has changed, and never changes',
    },
  },
  {
    name: 'dry-run-changes-code',
    sentence: 'A dry run of UpdateFunctionCode changes the code.',
    edits: [
      {
        file: 'src/services/lambda/operations/update-function-code.ts',
        find: 'if (request.DryRun === true) decide(journal.state);',
        replace: 'if (request.DryRun === undefined) decide(journal.state);',
      },
    ],
    proof: {
      kind: 'test',
      file: functionsTest,
      test: 'settings are changed one by one, by those who have seen them',
    },
  },
  {
    name: 'stranger-fills-memory-with-code',
    sentence: 'A body that may be 70 MB long may be, whoever sends it.',
    edits: [
      {
        file: 'src/http/body.ts',
        find: 'return codeOperationOf(head) !== undefined && recognize(head) ? codeBodyBytesMax : bodyBytesMax;',
        replace:
          'return codeOperationOf(head) !== undefined && recognize !== undefined ? codeBodyBytesMax : bodyBytesMax;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/http/code-body.test.ts',
      test: 'the code of a function may be larger than other bodies, if its sender is known',
    },
  },
  {
    name: 'event-tried-for-ever',
    sentence: 'An event whose function always fails is tried again for ever.',
    edits: [
      {
        file: 'src/services/lambda/functions/event-queue.ts',
        find: 'const isOver = failures > retries || ',
        replace: 'const isOver = failures > retries + 9 || ',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/lambda/event-queue.test.ts',
      test: 'an event whose function fails is tried twice more, a minute and two minutes later',
    },
  },
];
