import type { Mutant } from './mutant.ts';

const stagesTest = 'test/delivery/record/record-stages.test.ts';

/** Bugs in what is done to records on their way, in names of objects, and in their bytes. */
export const deliveryStagesMutants: readonly Mutant[] = [
  {
    name: 'aggregate-not-checked',
    sentence: 'A record that only begins like an aggregate is taken apart, and what it was is gone.',
    edits: [
      {
        file: 'src/delivery/record/kpl-aggregate.ts',
        find: 'if (!digest.equals(data.subarray(data.length - digestBytes))) return undefined;',
        replace: 'if (digest.length !== digestBytes) return undefined;',
      },
    ],
    proof: {
      kind: 'test',
      file: stagesTest,
      test: 'what only looks like an aggregate stays a record, whatever is wrong with it',
    },
  },
  {
    name: 'array-of-objects-lost',
    sentence: 'What is behind the first objects of a record, and is none, is lost when it is taken apart.',
    edits: [
      {
        file: 'src/delivery/record/deaggregation.ts',
        find: 'if (end === undefined || parts.length === partsMax) return undefined;',
        replace: 'if (end === undefined || parts.length === partsMax) return parts;',
      },
    ],
    proof: {
      kind: 'test',
      file: stagesTest,
      test: 'records are taken apart where objects of JSON end, or at a delimiter; what is anything else stays whole',
    },
  },
  {
    name: 'one-partition-too-many',
    sentence: 'There is one active partition more than the limit says.',
    edits: [
      {
        file: 'src/delivery/record/partitions.ts',
        find: 'return active.size < activeMax ?',
        replace: 'return active.size <= activeMax ?',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/record/partitions.test.ts',
      test: 'a partition more than there may be is refused; those that there are go on',
    },
  },
  {
    name: 'errors-have-what-was-made',
    sentence: 'An error has what a stage made of a record, and not what came.',
    edits: [
      {
        file: 'src/delivery/record/error-records.ts',
        find: 'return record.original ?? record.data;',
        replace: 'return record.data;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/record/error-records.test.ts',
      test: 'each kind of error has the record that Firehose writes for it',
    },
  },
  {
    name: 'gzip-of-the-last-piece',
    sentence: 'An object of several pieces says the checksum of the last one: no reader takes it.',
    edits: [
      {
        file: 'src/delivery/format/gzip-object.ts',
        find: 'crc = crc32(piece, crc);',
        replace: 'crc = crc32(piece);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/format/text-object.test.ts',
      test: 'an object with compression GZIP has its records in their order, with what is between them',
    },
  },
  {
    name: 'names-alike-in-a-chunk',
    sentence: 'Two objects of a chunk have the same name, and one replaces the other.',
    edits: [
      {
        file: 'src/delivery/names/firehose-names.ts',
        find: 'uuidOf(unique)',
        replace: 'uuidOf(context.random)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/names/names.test.ts',
      test: 'the same context gives the same name, and another object or chunk another one',
    },
  },
  {
    name: 'query-knows-what-objects-have',
    sentence: 'A query may call what every object of JavaScript has.',
    edits: [
      {
        file: 'src/delivery/own-of.ts',
        find: 'return Object.hasOwn(table, name) ? table[name] : undefined;',
        replace: 'return table[name];',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/jq/jq.test.ts',
      test: 'keys that every object has in JavaScript are keys like any other',
    },
  },
  {
    name: 'error-is-no-answer',
    sentence: 'A query goes on with its other alternative where jq ends with an error.',
    edits: [
      {
        file: 'src/delivery/jq/compile-jq.ts',
        find: '    for (const value of left(input, scope)) {\n      if (!isTrue(value)) continue;',
        replace:
          '    for (const value of untilError(left, input, scope).answers) {\n      if (!isTrue(value)) continue;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/jq/jq.test.ts',
      test: 'what surprises in jq is as it is in jq',
    },
  },
];
