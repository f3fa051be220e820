import { type Mutant, simulation } from './mutant.ts';

/** Bugs in how the end of a shard is told. */
export const shardMutants: readonly Mutant[] = [
  {
    name: 'end-with-records',
    sentence: 'The end of a shard comes on the page of its last records.',
    edits: [
      {
        file: 'src/stream/read.ts',
        find: 'isAtEnd(next) && last === undefined',
        replace: 'isAtEnd(next)',
      },
    ],
    proof: simulation('not alone'),
  },
  {
    name: 'answer-ends-with-shard',
    sentence: 'An answer of SubscribeToShard ends as soon as the end of its shard is said.',
    edits: [
      {
        file: 'src/stream/subscription.ts',
        find: '          await pauseAtEnd(world, subject, wakeup, event.next, ended);\n',
        replace: '',
      },
    ],
    proof: simulation('hasty', '1'),
  },
];
