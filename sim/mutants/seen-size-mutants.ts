import type { Mutant, Proof } from './mutant.ts';

/** Bugs in what the console draws of long lists. */
export const seenSizeMutants: readonly Mutant[] = [
  {
    name: 'console-list-past-its-end',
    sentence: 'A list of the console that was scrolled to its end is empty after most of its rows went.',
    edits: [
      {
        file: 'console/parts/row-window.ts',
        find: 'Math.max(first, Math.min(first + Math.floor(top / rowPixels), end - page))',
        replace: 'Math.max(first, first + Math.floor(top / rowPixels))',
      },
    ],
    proof: ofParts('a list that lost rows, or follows its end, shows its last ones'),
  },
  {
    name: 'console-row-of-before',
    sentence: 'A stream that nothing happens to any more keeps the rate that it had.',
    edits: [
      {
        file: 'console/pages/streams/stream-row.ts',
        find: 'row !== undefined && wasQuiet && history.isQuiet && isSame(row.sight, sight)',
        replace: 'row !== undefined && isSame(row.sight, sight)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/console/streams.test.ts',
      test: 'a stream that nothing happens to keeps its row, until something does',
    },
  },
];

function ofParts(test: string): Proof {
  return { kind: 'test', file: 'test/console/parts/rows-and-charts.test.ts', test };
}
