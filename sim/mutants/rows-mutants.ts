import type { Mutant } from './mutant.ts';

/** Bugs at the edge of the API: in what is refused, and when. */
export const rowsMutants: readonly Mutant[] = [
  {
    name: 'room-after-commit',
    sentence: 'Whether a server has room for what is asked for is looked at when it is journalled already.',
    edits: [
      {
        file: 'src/journal/round.ts',
        find: '      machine.requireRoom(draft.state, decided);\n',
        replace: '',
      },
      {
        file: 'src/journal/journal.ts',
        find: '    const { accepted, refused, left } = round;\n',
        replace: '    const { accepted, refused, left } = round;\n    const before = this.state;\n',
      },
      {
        file: 'src/journal/journal.ts',
        // Inside of the try: what it throws rejects the round's commits.
        find: '        return;\n      }\n    } catch (error) {\n      for (const { reject } of accepted)',
        replace:
          '        return;\n      }\n      this.#machine.requireRoom(before, round.edits);\n' +
          '    } catch (error) {\n      for (const { reject } of accepted)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/catalog/room.test.ts',
      test: 'what there is no room for leaves no trace in the journal, and the commits beside it are made',
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
