import type { Mutant } from './mutant.ts';

const filterTests = 'test/services/lambda/filter/compile-filter.test.ts';
const destinationTests = 'test/services/lambda/failures/destinations.test.ts';

/** Bugs in which records a mapping lets in, and in what is made of those that it gave up. */
export const lambdaFilterMutants: readonly Mutant[] = [
  {
    name: 'filter-missing-in-one-element',
    sentence: 'A field counts as missing where one element of an array has none, although another has it.',
    edits: [
      {
        file: 'src/services/lambda/filter/object-pattern.ts',
        find: '|| known.has(index)',
        replace: '|| (value === undefined && known !== undefined && index >= 0)',
      },
    ],
    proof: {
      kind: 'test',
      file: filterTests,
      test: 'fields are those of one element of an array, and a field is missing where no element has it',
    },
  },
  {
    name: 'filter-seventh-digit',
    sentence:
      'Numbers that differ in the seventh digit after their point are told apart, which AWS does not.',
    edits: [
      {
        file: 'src/services/lambda/filter/value-set.ts',
        find: 'Math.round(number * 1e6) / 1e6',
        replace: 'Math.round(number * 1e9) / 1e9',
      },
    ],
    proof: {
      kind: 'test',
      file: filterTests,
      test: 'a pattern of fields lets in what the grammar says, as a search through all choices of values finds it',
    },
  },
  {
    name: 'filter-json-as-text',
    sentence: 'A filter of texts is asked about data in JSON, too.',
    edits: [
      {
        file: 'src/services/lambda/filter/compile-filter.ts',
        find: "'text' in data && matches(data.text)",
        replace: "matches('text' in data ? data.text : JSON.stringify(data.json))",
      },
    ],
    proof: {
      kind: 'test',
      file: filterTests,
      test: 'a list of values is for data that are no object and no array in JSON, as text',
    },
  },
  {
    name: 'failure-object-twice',
    sentence: 'Records that were given up are in a bucket twice when the answer to the first try was lost.',
    edits: [
      {
        file: 'src/services/lambda/failures/open-destinations.ts',
        find: 'await objects.put({ bucket, key },',
        replace: 'await objects.put({ bucket, key: keyOf(mapping, failure.record, uuid(random)) },',
      },
    ],
    proof: {
      kind: 'test',
      file: destinationTests,
      test: 'what fails for a moment is tried again with longer pauses, four times in all',
    },
  },
  {
    name: 'failure-file-unsynced',
    sentence: 'Records that were given up are in a file that a power cut empties.',
    edits: [
      {
        file: 'src/objects/directory/file-put.ts',
        find: '      await file.sync();\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: destinationTests,
      test: 'a folder takes objects whose buckets are its folders, and has them whole after a power cut',
    },
  },
];
