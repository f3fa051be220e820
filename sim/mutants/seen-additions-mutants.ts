import type { Mutant } from './mutant.ts';

const resumption = {
  kind: 'test',
  file: 'test/services/millrace/tail-resumption.test.ts',
  test: 'a tail that is cut off anywhere, in the middle of splits and merges, misses nothing and repeats nothing',
} as const;

/** Bugs in what clients get besides what AWS has: tails, waits, and limits of a stream's own. */
export const seenAdditionsMutants: readonly Mutant[] = [
  {
    name: 'tail-limit-skips',
    sentence: 'A tail that stops at its limit says the position of all that it has read.',
    edits: [
      {
        file: 'src/services/millrace/tail/tail.ts',
        find: 'cut === undefined ? positions : positionsBefore(positions, slices, cut)',
        replace: 'positions',
      },
    ],
    proof: resumption,
  },
  {
    name: 'poll-ignores-departure',
    sentence: 'A GetRecords that waits goes on when its client has gone.',
    edits: [
      {
        file: 'src/stream/polls.ts',
        find: 'for (const signal of [gone, ending])',
        replace: 'for (const signal of [ending])',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/kinesis/long-poll.test.ts',
      test: 'a call whose client has gone waits no longer',
    },
  },
  {
    name: 'own-limits-forgotten-by-id',
    sentence: 'Threads that know a stream by its id alone do not hear that it has limits of its own.',
    edits: [
      {
        file: 'src/catalog/apply.ts',
        find: 'if (stream.limits !== before?.limits) this.#limit(stream, stream.limits);',
        replace: 'if (before === undefined) this.#limit(stream, stream.limits);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/millrace/stream-limits.test.ts',
      test: 'the limits of a stream hold over all threads together',
    },
  },
];
