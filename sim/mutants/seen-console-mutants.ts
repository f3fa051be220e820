import type { Mutant } from './mutant.ts';

const proof = (test: string) => ({ kind: 'test', file: 'test/console/pages/readers.test.ts', test }) as const;

/** Bugs in what the console says of readers. */
export const seenConsoleMutants: readonly Mutant[] = [
  {
    name: 'topology-by-name',
    sentence: 'The drawing of who feeds whom sorts readers by name, wherever their streams are.',
    edits: [
      {
        file: 'console/pages/readers/topology.ts',
        find: 'placeColumn(2, before)',
        replace: 'placeColumn(2, () => 0)',
      },
    ],
    proof: proof('who reads stands near what it reads, so that no lines cross without need'),
  },
  {
    name: 'danger-without-lag',
    sentence: 'What is left of the retention is taken for all of it, so that nobody is ever in danger.',
    edits: [
      {
        file: 'console/pages/readers/reader-danger.ts',
        find: '(left + lag) / 3_600_000',
        replace: 'left / 3_600_000',
      },
    ],
    proof: proof('a reader is in danger by how much of the retention is left, whatever that is'),
  },
  {
    name: 'reader-of-any-kind',
    sentence: 'The page of a reader shows another one of the same name that reads otherwise.',
    edits: [
      {
        file: 'console/pages/readers/reader-address.ts',
        find: 'reader.Kind === kind && ',
        replace: '',
      },
    ],
    proof: proof('an address leads to one reader, whatever its name'),
  },
];
