import type { Mutant } from './mutant.ts';

/** Bugs that change no answer, and that only a test of the way to it can find. */
export const proofsMutants: readonly Mutant[] = [
  {
    name: 'fast-path-never-taken',
    sentence: 'Every put goes the general path.',
    edits: [
      {
        file: 'src/services/kinesis/parts/fast-put.ts',
        find: "if (stream === undefined || !isServing(stream) || stream.distribution === 'AUTO') return undefined;",
        replace: 'if (stream !== undefined) return undefined;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/kinesis/fast-put.test.ts',
      test: 'a plain put goes the fast path (application/x-amz-json-1.1)',
    },
  },
];
