import type { Mutant } from './mutant.ts';

/** Bugs in what DynamoDB's operations decide, answer and ask permission for. */
export const itemsMutants: readonly Mutant[] = [
  {
    name: 'condition-on-what-is-durable',
    sentence: 'A conditional write looks at the last durable state, and not at what was decided before it.',
    edits: [
      {
        file: 'src/services/dynamodb/parts/item-calls.ts',
        find: 'const written = decide(view, write);',
        replace: 'const written = decide(storeOf(world), write); view.tableCount;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/dynamodb/leases.test.ts',
      test: 'of many conditional writes that come in one turn each sees the ones before it',
    },
  },
  {
    name: 'page-without-index-key',
    sentence: 'A page of an index tells the key of the table to go on after, and not that of the index.',
    edits: [
      {
        file: 'src/services/dynamodb/parts/search.ts',
        find: 'for (const { name } of index === undefined ? [] : partsOf(index.keySchema)) place[name] = item[name]!;',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/dynamodb/sizes.test.ts',
      test: 'a page ends with the item that makes it a megabyte, of a table and of an index, and the next goes on',
    },
  },
  {
    name: 'transaction-in-part',
    sentence: 'A transaction writes what it can, also where one of its conditions does not hold.',
    edits: [
      {
        file: 'src/services/dynamodb/parts/transaction.ts',
        find: 'if (results.length < each.length) throw transactionCanceled(reasons);',
        replace: 'if (results.length === 0) throw transactionCanceled(reasons);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/dynamodb/transactions.test.ts',
      test: 'the official client has the reasons of a canceled transaction, in the order of its actions',
    },
  },
  {
    name: 'token-is-forgotten',
    sentence: 'The token of a transaction is not written with it, and the same one is carried out again.',
    edits: [
      {
        file: 'src/services/dynamodb/operations/transact-write-items.ts',
        find: 'return { edits: [...edits, ...remembered]',
        replace: 'return { edits: remembered.length < 0 ? [] : edits',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/dynamodb/transactions.test.ts',
      test: 'a transaction that is sent again is carried out once, at the same time and after a restart',
    },
  },
  {
    name: 'conditions-are-not-mentioned',
    sentence: 'A policy that allows some attributes lets a condition find out about all others.',
    edits: [
      {
        file: 'src/services/dynamodb/parts/item-context.ts',
        find: '    ...namesIn(condition),\n',
        replace: '    ...namesIn(condition).slice(0, 0),\n',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/dynamodb/permissions.test.ts',
      test: 'a policy may ask for hash keys, and for all attributes that a call mentions',
    },
  },
  {
    name: 'long-list-is-cut',
    sentence: 'Of a long list in an item, only so many values are kept as other services take in a body.',
    edits: [
      {
        file: 'src/wire/reader.ts',
        find: '? entriesMax : rules.valuesMax;',
        replace: '? entriesMax : Math.min(rules.valuesMax, valuesMax);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/wire/json/json-rules.test.ts',
      test: 'a service may have deeper and larger bodies, and others are not touched by it',
    },
  },
];
