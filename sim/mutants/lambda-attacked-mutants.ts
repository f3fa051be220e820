import type { Mutant } from './mutant.ts';

/** Bugs that are seen from outside only: by who waits in vain, restarts a server, or hangs up. */
export const lambdaAttackedMutants: readonly Mutant[] = [
  {
    name: 'throttled-mapping-is-silent',
    sentence: 'Who waits for its turn waits without end, and its mapping says that all is well.',
    edits: [
      {
        file: 'src/services/lambda/functions/turns.ts',
        find: '        if (over.signal.aborted) return;',
        replace: '        if (over.signal.aborted || patienceMs > 0) return;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/lambda/functions/functions.test.ts',
      test: 'who waits for its turn is refused when its patience ends, and has no turn after that',
    },
  },
  {
    name: 'hung-up-webhook-called-for-ever',
    sentence: 'A webhook that ends because of an event is called with it again without end.',
    edits: [
      {
        file: 'src/services/lambda/functions/url-call.ts',
        find: 'if (hasLeft && unanswered !== undefined) return failed(unanswered);',
        replace: 'if (hasLeft && unanswered?.length === 0) return failed(unanswered);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/lambda/functions/url-functions.test.ts',
      test: 'a webhook that hangs up over an event has failed; one that did not get it has not',
    },
  },
  {
    name: 'user-by-order-of-calls',
    sentence: 'A function is another user after a restart, and another function owns its files.',
    edits: [
      {
        file: 'src/services/lambda/functions/function-users.ts',
        find: 'this.#freeFrom(placeOf(functionKey))',
        replace: 'this.#freeFrom(0 * placeOf(functionKey))',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/lambda/functions/function-users.test.ts',
      test: 'a function is the same user after a restart, whichever function is called first',
    },
  },
];
