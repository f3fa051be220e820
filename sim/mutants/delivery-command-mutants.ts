import type { Mutant } from './mutant.ts';

const file = 'src/cli/deliver/shard-reader.ts';

/** Bugs in `millrace deliver`, which counts the records of a stream whose sequence numbers say no offsets. */
export const deliveryCommandMutants: readonly Mutant[] = [
  {
    name: 'expired-record-counted',
    sentence: 'Records are counted on from an old place, though some between have expired since.',
    edits: [{ file, find: 'this.#pass(BigInt(first!.SequenceNumber));', replace: '' }],
    proof: {
      kind: 'test',
      file: 'test/cli/deliver/shard-reader.test.ts',
      test: 'a record has its number, though some before it have expired since they were counted',
    },
  },
  {
    name: 'place-not-kept',
    sentence: 'A position is committed, and where it is in the stream is not kept.',
    edits: [
      {
        file: 'src/cli/deliver/anchored-journal.ts',
        find: 'if (next.length > 0) await keep(next);',
        replace: 'if (next.length > 0) state.keepOnly(next);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/cli/deliver/deliver.test.ts',
      test: 'a run that ends once an object is put, and before that is noted, is gone on with',
    },
  },
];
