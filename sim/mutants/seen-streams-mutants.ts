import type { Mutant } from './mutant.ts';

const shards = 'console/pages/stream/shards';
const shardTests = 'test/console/shards.test.ts';
const codeTests = 'test/console/code.test.ts';

/** Bugs in the console's pages of streams, as far as they need no browser. */
export const seenStreamsMutants: readonly Mutant[] = [
  {
    name: 'split-below-the-range',
    sentence: 'The console offers to split a shard at a hash key that the server refuses.',
    edits: [
      {
        file: `${shards}/where-to-split.ts`,
        find: '{ first: first + 2n, last: last - 1n }',
        replace: '{ first: first + 1n, last: last - 1n }',
      },
    ],
    proof: {
      kind: 'test',
      file: shardTests,
      test: 'a shard is split within its hash keys, and nowhere else',
    },
  },
  {
    name: 'parents-over-children',
    sentence: 'A shard that was merged late is drawn over its child.',
    edits: [
      {
        file: `${shards}/genealogy.ts`,
        find: 'return Math.min(...children);',
        replace: 'return rows;',
      },
    ],
    proof: {
      kind: 'test',
      file: shardTests,
      test: 'what was open together lies side by side in the drawing, and nothing covers anything else',
    },
  },
  {
    name: 'merge-over-a-gap',
    sentence: 'The console offers to merge shards that do not lie beside each other.',
    edits: [
      {
        file: `${shards}/genealogy.ts`,
        find: 'shards[lower]!.last + 1n === shards[at]!.first',
        replace: 'shards[lower]!.last < shards[at]!.first',
      },
    ],
    proof: {
      kind: 'test',
      file: shardTests,
      test: 'a shard can be merged with the open ones beside it only',
    },
  },
  {
    name: 'shell-runs-a-tag',
    sentence: 'A command that is copied from the console runs what stands in a tag.',
    edits: [
      {
        file: 'console/code/shell.ts',
        find: `text.replaceAll("'", "'\\\\''")`,
        replace: 'text',
      },
    ],
    proof: {
      kind: 'test',
      file: codeTests,
      test: 'a shell hears the very words, whatever is in them',
    },
  },
  {
    name: 'change-while-updating',
    sentence: 'The second change of a stream is asked for while the first is under way.',
    edits: [
      {
        file: 'console/pages/stream/actions/run-steps.ts',
        find: "    if (status === undefined || status === 'ACTIVE') return;\n",
        replace: "    if (status !== 'CREATING') return;\n",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/console/run-steps.test.ts',
      test: 'one change waits for the one before, and all for the stream to be ACTIVE',
    },
  },
];
