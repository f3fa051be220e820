import type { Mutant } from './mutant.ts';

const proof = { kind: 'test', file: 'test/services/dynamodb/tables/found-item.test.ts' } as const;

/** Bugs in what makes single items cheap. */
export const cheapItemsMutants: readonly Mutant[] = [
  {
    name: 'moved-items-are-left-in-place',
    sentence: 'An index takes a changed attribute of its own for one that it has not.',
    edits: [
      {
        file: 'src/services/dynamodb/tables/encoded-item.ts',
        find: '    const isNamed = names.has(reader.string());\n    skipValue(reader);\n    if (!isNamed) continue;\n    text += encoded.slice(from, reader.at);\n',
        replace:
          '    const isNamed = names.has(reader.string());\n    const end = reader.at;\n    skipValue(reader);\n    if (!isNamed) continue;\n    text += encoded.slice(from, end);\n',
      },
    ],
    proof: { ...proof, test: 'an index sees a change of an attribute that it has, and none of another' },
  },
  {
    name: 'found-booleans-are-true',
    sentence: 'GetItem answers true for what was stored as false.',
    edits: [
      {
        file: 'src/services/dynamodb/tables/found-item.ts',
        find: 'writer.boolean(type === types.true);',
        replace: 'writer.boolean(true);',
      },
    ],
    proof: {
      ...proof,
      test: 'an item that was found is written as its shape writes it, with values of all types',
    },
  },
];
