import type { Mutant } from './mutant.ts';

const streamTests = 'test/services/firehose/delivery-streams.test.ts';
const accessTests = 'test/services/firehose/delivery-access.test.ts';

/**
 * Bugs of Firehose's API: whom delivery streams are of, what of them is hidden, and where they are put to.
 */
export const deliveryFirehoseMutants: readonly Mutant[] = [
  {
    name: 'hidden-streams-are-listed',
    sentence:
      'The streams that have what was put to delivery streams are listed with all others, and counted.',
    edits: [
      {
        file: 'src/catalog/state.ts',
        find: ' && !isHidden(stream)',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: streamTests,
      test: 'what is put is in a stream that nobody can name, in order, and not before there is one',
    },
  },
  {
    name: 'orphans-stay',
    sentence: 'A hidden stream takes puts for good though its delivery stream is gone.',
    edits: [
      {
        file: 'src/services/firehose/upkeep.ts',
        find: '    await forgetOrphans(world);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: streamTests,
      test: 'a hidden stream without a delivery stream goes',
    },
  },
  {
    name: 'last-update-wins',
    sentence: 'An update of a destination takes the place of one that its caller has never seen.',
    edits: [
      {
        file: 'src/services/firehose/operations/update-destination.ts',
        find: 'request.CurrentDeliveryStreamVersionId !== String(version)',
        replace: 'false',
      },
    ],
    proof: {
      kind: 'test',
      file: streamTests,
      test: 'an update merges member by member, and is refused for another version',
    },
  },
  {
    name: 'roles-are-passed-by-anyone',
    sentence: 'Whoever may make a delivery stream has it act as any role of the account.',
    edits: [
      {
        file: 'src/services/firehose/operations/create-delivery-stream.ts',
        find: '        ...passing(rolesIn(request), caller),\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: accessTests,
      test: 'a delivery stream takes a role that trusts Firehose, from someone who may pass it',
    },
  },
];
