import type { Mutant } from './mutant.ts';

const channelTest = 'test/delivery/channel/channel.test.ts';
const channelsTest = 'test/services/kinesis/channels.test.ts';

/** Bugs in channels: in the catalog, in what makes them ready, and in what is asked of them. */
export const deliveryChannelsMutants: readonly Mutant[] = [
  {
    name: 'channel-start-forgotten',
    sentence:
      'Where a channel begins is forgotten, as of a delivery that nobody wants, until it is said to be ACTIVE.',
    edits: [
      {
        file: 'src/delivery/channel/channel-spec.ts',
        find: 'isDelivering(channel) || hasBegun(channel)',
        replace: 'isDelivering(channel) || (hasBegun(channel) && false)',
      },
    ],
    proof: {
      kind: 'test',
      file: channelTest,
      test: 'what is put before it is said that a channel is ACTIVE is not missed, whatever is looked at meanwhile',
    },
  },
  {
    name: 'channel-begins-anew',
    sentence: 'A channel that is made ready again, after a crash, begins where its stream ends by then.',
    edits: [
      {
        file: 'src/delivery/channel/begin-channel.ts',
        find: "if (world.journal.state.get('progress', id) !== undefined) return undefined;",
        replace: '',
      },
      {
        file: 'src/delivery/channel/begin-channel.ts',
        find: "state.get('progress', id) !== undefined\n      ? []\n      : [",
        replace: "state.get('progress', id) !== undefined && false\n      ? []\n      : [",
      },
    ],
    proof: {
      kind: 'test',
      file: channelTest,
      test: 'a channel that is made ready again begins where it did',
    },
  },
  {
    name: 'channel-of-a-stream-that-leaves',
    sentence:
      'A stream that is being switched to provisioned mode gets a channel, and can never be switched.',
    edits: [
      {
        file: 'src/services/kinesis/operations/create-channel.ts',
        find: "const isLeaving = change?.kind === 'set' && change.settings.mode === 'PROVISIONED';",
        replace: "const isLeaving = change?.kind === 'create';",
      },
    ],
    proof: {
      kind: 'test',
      file: channelsTest,
      test: 'only an on-demand stream has channels, and none that is on its way out of it',
    },
  },
  {
    name: 'channels-lost-in-snapshots',
    sentence: 'A snapshot of the control plane has no channels.',
    edits: [
      {
        file: 'src/catalog/catalog.ts',
        find: '...[...channels.values()].map(',
        replace: '...[...channels.values()].slice(0, 0).map(',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/catalog/soundness.test.ts',
      test: 'a snapshot has no channels in it that an older server would lose without a word',
    },
  },
  {
    name: 'channel-loses-tags-when-ready',
    sentence: 'A channel that becomes ACTIVE loses the tags that it was given while it was made ready.',
    edits: [
      {
        file: 'src/stream/channel-lifecycle.ts',
        find: 'const channel = become(current);',
        replace: 'const channel = become(seen);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/stream/channel-lifecycle.test.ts',
      test: 'a channel that was deleted while it was made ready goes, and what was set meanwhile stays',
    },
  },
  {
    name: 'schema-out-of-its-folder',
    sentence: 'The name of a registry leads out of the folder of schemas.',
    edits: [
      {
        file: 'src/server/delivery/folder-schemas.ts',
        find: "name !== '.' && name !== '..'",
        replace: "name !== '.'",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/delivery/schemas.test.ts',
      test: 'no name leads out of the folder',
    },
  },
];
