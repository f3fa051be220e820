import type { Mutant } from './mutant.ts';

/** Bugs in what an operator meets: who may administer a server, lists page by page, room for more. */
export const operatorMutants: readonly Mutant[] = [
  {
    name: 'any-key-is-a-root-key',
    sentence: 'A server where users have keys, and that nobody may administer, makes no root user.',
    edits: [
      {
        file: 'src/access/mode.ts',
        find: 'return accessKeys.values().some(({ user }) => user === null);',
        replace: 'return accessKeys.size > 0;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/users.test.ts',
      test: 'users of the time when everyone was let in do not keep the root user from being made, once',
    },
  },
  {
    name: 'page-begins-with-the-last',
    sentence: 'A page of a list begins with the item that the page before ended with.',
    edits: [
      {
        file: 'src/rpc/list-page.ts',
        find: 'keyed.filter(({ key }) => key > after)',
        replace: 'keyed.filter(({ key }) => key >= after)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/list-page.test.ts',
      test: 'what goes and comes between two pages is missed nowhere else, and another text is no marker',
    },
  },
  {
    name: 'room-for-one-request-more',
    sentence: 'A state that is not full has room for whatever a request adds.',
    edits: [
      {
        file: 'src/journal/room.ts',
        find: 'if (has + more <= max) continue;',
        replace: 'if (has < max) continue;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/catalog/room.test.ts',
      test: 'a split needs room for two shards, a merge for one',
    },
  },
];
