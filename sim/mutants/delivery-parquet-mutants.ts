import type { Mutant } from './mutant.ts';

const file = 'test/delivery/format/parquet-object.test.ts';
const nesting = {
  kind: 'test',
  file,
  test: 'rows of any nesting come back from DuckDB as they were, however pages and row groups are cut',
} as const;

/** Bugs of Parquet: what a reader of the file sees. */
export const deliveryParquetMutants: readonly Mutant[] = [
  {
    name: 'refused-record-leaves-values',
    sentence: 'A record that is refused halfway leaves what was read of it, and columns get out of step.',
    edits: [
      {
        file: 'src/delivery/format/parquet-object.ts',
        find: 'for (const column of columns) column.rollback();',
        replace: 'for (const column of columns.slice(1)) column.rollback();',
      },
    ],
    proof: nesting,
  },
  {
    name: 'empty-list-is-null',
    sentence: 'A list that is empty is none to whoever reads the file.',
    edits: [
      {
        file: 'src/delivery/json/column-readers.ts',
        find: 'if (end === index + 1) this.skip(this.#place.definition, repetition);',
        replace: 'if (end === index + 1) this.skip(definition, repetition);',
      },
    ],
    proof: nesting,
  },
  {
    name: 'dictionary-lost-under-pages',
    sentence: 'A dictionary that does not pay is forgotten while earlier pages point into it.',
    edits: [
      {
        file: 'src/delivery/format/parquet/byte-values.ts',
        find: 'if (this.#usesDictionary && this.#isFirstPage && !this.#doesDictionaryPay())',
        replace: 'if (this.#usesDictionary && !this.#doesDictionaryPay())',
      },
    ],
    proof: nesting,
  },
  {
    name: 'negative-long-is-large',
    sentence: 'A small number below zero is a large one above it.',
    edits: [
      {
        file: 'src/delivery/format/parquet/fixed-values.ts',
        find: 'Math.floor(value / 4_294_967_296)',
        replace: 'Math.trunc(value / 4_294_967_296)',
      },
    ],
    proof: nesting,
  },
  {
    name: 'upper-bound-too-low',
    sentence: 'A long text is above the bound that its file gives, and a reader skips the file.',
    edits: [
      {
        file: 'src/delivery/format/parquet/bounds.ts',
        find: 'const next = last.codePointAt(0)! + 1;',
        replace: 'const next = last.codePointAt(0)!;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/format/parquet-records.test.ts',
      test: 'a table of Iceberg gets its ids, moments in UTC, and the facts of its columns',
    },
  },
];
