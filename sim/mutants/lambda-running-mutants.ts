import type { Mutant, SourceEdit } from './mutant.ts';

const functions = 'src/services/lambda/functions';
const tests = 'test/services/lambda/functions';

/** Bugs in how functions are run. */
export const lambdaRunningMutants: readonly Mutant[] = [
  caught(
    'instance-used-twice',
    'A call is given to a process of the function that is at another call.',
    {
      file: `${functions}/instance-pool.ts`,
      find: 'if (held.isBusy || held.key !== key) continue;',
      replace: 'if (held.key !== key) continue;',
    },
    `${tests}/functions.test.ts`,
    'a process runs one call after the other, and a second one at once what it cannot',
  ),
  caught(
    'late-process-lives-on',
    'A process whose call took too long goes on, and gets the next one.',
    {
      file: `${functions}/process-instance.ts`,
      find: `if (outcome.kind === 'timeout') {
      this.#isEnding = true;
      this.#process.kill();`,
      replace: `if (outcome.kind === 'timeout') {`,
    },
    `${tests}/functions.test.ts`,
    'a call that takes too long is ended with its process, which runs nothing any more',
  ),
  caught(
    'answer-to-another-call',
    'The answer of an earlier invocation is taken for that of the one under way.',
    {
      file: `${functions}/runtime-api.ts`,
      find: 'if (requestId !== this.#running || this.#toHandOut !== undefined) return invalidRequestId;',
      replace: 'if (this.#running === undefined || this.#toHandOut !== undefined) return invalidRequestId;',
    },
    `${tests}/runtime-api.test.ts`,
    'an answer counts for its own invocation only, and once',
  ),
  caught(
    'stopped-as-failed',
    'A call whose process the server ended, because it ends itself, counts as an error of the function.',
    {
      file: `${functions}/process-instance.ts`,
      find: 'if (this.#isEnding && !this.#isOverMemory) throw stoppedError();',
      replace: '',
    },
    `${tests}/functions.test.ts`,
    'at the end all processes end, and calls under way are told that it is no fault of the function',
  ),
  caught(
    'file-outside-its-folder',
    'A file of a function is written wherever its path leads.',
    {
      file: 'src/env/node-temporary-folders.ts',
      find: 'if (!at.startsWith(root + sep)) throw',
      replace: "if (at === '') throw",
    },
    'test/env/node-processes.test.ts',
    'a file that would leave its folder is refused, and nothing of the folder stays',
  ),
];

function caught(name: string, sentence: string, edit: SourceEdit, file: string, test: string): Mutant {
  return { name, sentence, edits: [edit], proof: { kind: 'test', file, test } };
}
