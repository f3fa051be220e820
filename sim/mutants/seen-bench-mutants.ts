import type { Mutant } from './mutant.ts';

const list = 'test/services/millrace/written-list.test.ts';

/** Bugs in what keeps looks and counting cheap. */
export const seenBenchMutants: readonly Mutant[] = [
  {
    name: 'sight-in-one-step',
    sentence: 'The shards of a stream are written into the answer in one step, and nobody else has a turn.',
    edits: [
      {
        file: 'src/services/millrace/parts/written-list.ts',
        find: '    if (++written % itemsPerTurn === 0) await turn();\n',
        replace: '    written += 1;\n    if (written < 0) await turn();\n',
      },
    ],
    proof: { kind: 'test', file: list, test: 'others have their turn while a long list is written' },
  },
  {
    name: 'sight-without-commas',
    sentence: 'Items of a list that is written ahead are not parted from each other.',
    edits: [
      {
        file: 'src/services/millrace/parts/written-list.ts',
        find: '    writer.item();\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: list,
      test: 'a list that was written ahead is the same as one that is written at once',
    },
  },
  {
    name: 'put-metrics-of-the-other-call',
    sentence: 'How many bytes PutRecords put counts among those of PutRecord.',
    edits: [
      {
        file: 'src/stream/metrics/call-statistics.ts',
        find: "  PutRecords: { bytes: 'PutRecords.Bytes',",
        replace: "  PutRecords: { bytes: 'PutRecord.Bytes',",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/metrics/published-calls.test.ts',
      test: 'each minute AWS/Kinesis has what calls on a stream put, read and came to, a call a sample',
    },
  },
];
