import type { Mutant } from './mutant.ts';

/** Bugs at the edge of the API: in what is refused, and when. */
export const rowsMutants: readonly Mutant[] = [
  {
    name: 'room-after-commit',
    sentence: 'Whether a server has room for what is asked for is looked at when it is journalled already.',
    edits: [
      {
        file: 'src/catalog/catalog.ts',
        find: '        requireRoom(next, decided);\n',
        replace: '',
      },
      {
        file: 'src/catalog/catalog.ts',
        find: '    if (edits.length > 0) for (const follower',
        replace:
          '    try { requireRoom(this.state, edits); } catch (error) { for (const request of accepted) request.reject(error); return; }\n' +
          '    if (edits.length > 0) for (const follower',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/catalog/room.test.ts',
      test: 'what there is no room for leaves no trace in the journal, and those who come with it are served',
    },
  },
  {
    name: 'old-numbers-unbounded',
    sentence: 'Sequence numbers of the oldest version have no bounds.',
    edits: [
      {
        file: 'src/kinesis/sequence-number.ts',
        find: '  if (createdSecond >= createdSecondMax) return undefined;\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/kinesis/sequence-number.test.ts',
      test: 'version 0 has the bounds of the newer ones, and an end',
    },
  },
];
