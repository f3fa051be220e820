import type { Mutant } from './mutant.ts';

/** Bugs in what one caller, or one process, can have of tables. */
export const boundedTablesMutants: readonly Mutant[] = [
  {
    name: 'indexes-take-no-room',
    sentence: 'What the places of items in indexes take of the heap is not counted.',
    edits: [
      {
        file: 'src/services/dynamodb/tables/held-index.ts',
        find: 'return place === undefined ? 0 : entryOverheadBytes + place.length;',
        replace: 'return place === undefined ? 0 : 0;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/dynamodb/tables/store.test.ts',
      test: 'the places of items in indexes take room, as they do of the heap',
    },
  },
  {
    name: 'transaction-reads-on',
    sentence: 'A transaction whose items are too many to read answers that some of its actions are invalid.',
    edits: [
      {
        file: 'src/services/dynamodb/parts/transaction.ts',
        find: '  reading.requireWhole();\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/dynamodb/bounded-work.test.ts',
      test: 'items of very many values are read by a transaction up to a bound, and by a batch one after the other',
    },
  },
  {
    name: 'failed-write-shows-unasked',
    sentence: 'A policy on what a write returns is not asked about the item that stood in its way.',
    edits: [
      {
        file: 'src/services/dynamodb/parts/item-context.ts',
        find: "...(showsItem ? ['ALL_OLD'] : [])",
        replace: '...(showsItem ? [] : [])',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/dynamodb/policies.test.ts',
      test: 'a user who may have attributes by name alone gets all of an item by no read, and by no write that fails',
    },
  },
  {
    name: 'page-in-one-turn',
    sentence: 'A page of many items is looked at without letting anybody else work.',
    edits: [
      {
        file: 'src/services/dynamodb/parts/search.ts',
        find: 'if (work < turnBytesMax) continue;',
        replace: 'if (work > 0) continue;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/dynamodb/bounded-work.test.ts',
      test: 'a page of many items lets others work, and has each item that stays',
    },
  },
];
