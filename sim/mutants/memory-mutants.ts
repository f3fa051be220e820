import type { Mutant } from './mutant.ts';

/** Bugs in what is left behind and for how long. */
export const memoryMutants: readonly Mutant[] = [
  {
    name: 'leads-on',
    sentence: 'What has left a queue still leads to what came after it, and keeps it.',
    edits: [{ file: 'src/http/deadlines.ts', find: '    member.next = undefined;\n', replace: '' }],
    proof: {
      kind: 'test',
      file: 'test/http/chain.test.ts',
      test: 'what has left a chain leads to nothing that is in it',
    },
  },
  {
    name: 'tables-grow-old',
    sentence: 'The memory of answers is counted in a Map, whose old tables keep what was sent.',
    edits: [
      {
        file: 'src/http/unsent.ts',
        find: 'new WeakMap<ArrayBufferLike, number>()',
        replace: 'new Map<ArrayBufferLike, number>()',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/http/chain.test.ts',
      test: 'answers that are taken leave nothing that grows old',
    },
  },
  {
    name: 'packets-for-nothing',
    sentence: 'A byte that comes in a packet of its own counts as a byte of garbage.',
    edits: [
      {
        file: 'src/http/body.ts',
        find: '    this.#source.budget.copied(piece);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/http/incoming-body.test.ts',
      test: 'what a piece is copied from counts as garbage, as a whole and once for all its pieces',
    },
  },
  {
    name: 'answers-lie',
    sentence: 'Large answers that were sent lie until V8 looks at everything.',
    edits: [{ file: 'src/http/unsent.ts', find: '    this.#garbage.add(memory.byteLength);\n', replace: '' }],
    proof: {
      kind: 'test',
      file: 'test/http/unsent.test.ts',
      test: 'what was sent counts as garbage',
    },
  },
  {
    name: 'each-thread-its-own',
    sentence: 'Each thread keeps as much of what it wrote as a server with one.',
    edits: [
      { file: 'src/services/kinesis/world.ts', find: 'keptBytesOf(workers))', replace: 'keptBytesOf())' },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/kinesis/kept-bytes.test.ts',
      test: 'what was written is kept within the share of a thread: 2 threads',
    },
  },
];
