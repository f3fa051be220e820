import type { Mutant } from './mutant.ts';

const tables = 'src/services/dynamodb/tables';
const tests = 'test/services/dynamodb/tables';
const replays = {
  kind: 'test',
  file: `${tests}/replay.test.ts`,
  test: 'whatever is committed, replays answer what the model says, and the log stays short (seed 2)',
} as const;

/**
 * Bugs in what DynamoDB's tables are kept in: in the log that is restated, and in what is derived from items.
 */
export const tablesMutants: readonly Mutant[] = [
  {
    name: 'restated-over-the-new',
    sentence: 'What is said again is said after what is new, and takes its place.',
    edits: [
      {
        file: 'src/journal/round.ts',
        find: '[...restated, ...round.edits]',
        replace: '[...round.edits, ...restated]',
      },
    ],
    proof: replays,
  },
  {
    name: 'trimmed-past-a-fact',
    sentence: 'A log that is restated is trimmed at its latest commit, whatever is said before it alone.',
    edits: [
      {
        file: 'src/journal/restater.ts',
        find: 'const oldest = this.#facts.oldest(state) ?? this.#latest;',
        replace: 'const oldest = this.#latest;',
      },
    ],
    proof: replays,
  },
  {
    name: 'never-restated',
    sentence: 'What nobody writes again is never said again, and the log grows for ever.',
    edits: [
      {
        file: 'src/journal/restater.ts',
        find: '    this.#restatedBytes = bytes;\n    return edits;\n',
        replace: '    this.#restatedBytes = bytes;\n    return [];\n',
      },
    ],
    proof: replays,
  },
  {
    name: 'loser-behind-a-gap',
    sentence: 'A writer that finds the log trimmed takes a commit that lost for one that counts.',
    edits: [
      {
        file: 'src/journal/advance.ts',
        find: '!isAfterTrim && (isBehindGap || revision',
        replace: '!isAfterTrim && (revision',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/journal/advance.test.ts',
      test: 'behind a gap a commit that was decided on the version before it has lost',
    },
  },
  {
    name: 'draft-changes-the-tables',
    sentence: 'An item that could not be written is in the table nevertheless.',
    edits: [
      {
        file: `${tables}/drafted-tables.ts`,
        find: '    this.#edits.push({ edit, at });\n',
        replace: '    this.#edits.push({ edit, at });\n    this.held.apply(edit, at);\n',
      },
    ],
    proof: replays,
  },
  {
    name: 'index-keeps-the-old-key',
    sentence: 'An index shows an item under the key that it had before, too.',
    edits: [
      {
        file: `${tables}/held-table.ts`,
        find: '      if (place !== places[nth]) index.remove(places[nth]);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/store.test.ts`,
      test: 'an index has the items that have its key, of the right types, and follows every change',
    },
  },
  {
    name: 'expired-whatever-it-says-now',
    sentence: 'An item that had expired is deleted although it was given more time.',
    edits: [
      {
        file: `${tables}/upkeep.ts`,
        find: 'return expiry !== undefined && expiry < Math.floor(now / 1000)',
        replace: 'return expiry !== undefined && expiry !== now',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/upkeep.test.ts`,
      test: 'items expire by the number in their attribute, and not when they have got more time meanwhile',
    },
  },
  {
    name: 'range-key-without-escape',
    sentence: 'Of two range keys in an index, one with a byte 0 and one that ends there, the order is wrong.',
    edits: [
      {
        file: `${tables}/places.ts`,
        find: "return text.includes('\\0') ? text.replaceAll('\\0', '\\0\\xff') : text;",
        replace: 'return text;',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/places.test.ts`,
      test: 'a query by a range key of type S is about the items that its condition holds for, in their order',
    },
  },
];
