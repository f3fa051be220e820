import type { Mutant } from './mutant.ts';

/** Bugs in how records are decoded, filtered, asked and put in order, and in what they would cost. */
export const seenViewsMutants: readonly Mutant[] = [
  {
    name: 'digits-lost',
    sentence:
      'A number of JSON that a double does not hold is shown rounded: an id is that of another order.',
    edits: [
      {
        file: 'src/views/decode/json-value.ts',
        find: 'return mayLoseDigits.test(text) ? JSON.parse(text, withAllDigits) : value;',
        replace: 'return value;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/views/decode/decode-records.test.ts',
      test: 'numbers that a double does not hold are shown with all their digits',
    },
  },
  {
    name: 'registry-header-by-chance',
    sentence: 'Avro without a header that begins like one is not read by its schema.',
    edits: [
      {
        file: 'src/views/decode/open-form.ts',
        find: 'return tried(() => read(data)) ?? { ...asHex(header.forms, data, failure), schemaId };',
        replace: 'return { ...asHex(header.forms, data, failure), schemaId };',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/views/decode/decode-records.test.ts',
      test: 'data that begins like a header by chance is read all the same',
    },
  },
  {
    name: 'failing-filter-matches',
    sentence: 'A record without the field that a filter is about is shown as if it matched.',
    edits: [
      {
        file: 'src/views/where/compile-where.ts',
        find: 'if (error instanceof Error) return false;',
        replace: 'if (error instanceof Error) return true;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/views/where/compile-where.test.ts',
      test: 'a record for which an expression fails does not match',
    },
  },
  {
    name: 'query-reads-too-little',
    sentence:
      'A condition on time that is written from the right to the left bounds the wrong end of what is read.',
    edits: [
      {
        file: 'src/views/query/scan-bounds.ts',
        find: 'atTime(bounds, mirrored[op] ?? op, turned)',
        replace: 'atTime(bounds, op, turned)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/views/query/run-query.test.ts',
      test: 'a limit ends the reading of the stream, and conditions on time and shard bound it',
    },
  },
  {
    name: 'cost-not-rounded',
    sentence:
      'Records are billed by their bytes, where AWS rounds each up to whole KB: small ones seem cheap.',
    edits: [
      {
        file: 'src/cost/usage.ts',
        find: 'kilobytesIn: records * Math.ceil(bytes / 1024),',
        replace: 'kilobytesIn: (records * bytes) / 1024,',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/cost/cost-of.test.ts',
      test: 'on-demand rounds each record up to whole KB, and bills what lies there after a day',
    },
  },
  {
    name: 'tail-out-of-order',
    sentence: 'A record is shown before an earlier one of a shard that was asked too early to have it.',
    edits: [
      {
        file: 'src/cli/read/shard-cursor.ts',
        find: 'this.#tip.askedAt > receivedAt',
        replace: 'this.#tip.askedAt <= receivedAt',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/cli/read/merged-reading.test.ts',
      test: 'at the tips records wait until each other shard was asked once more',
    },
  },
];
