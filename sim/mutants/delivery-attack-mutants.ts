import type { Mutant } from './mutant.ts';

/** Bugs that let one bad record hold up, or bring down, what is behind it. */
export const deliveryAttackMutants: readonly Mutant[] = [
  {
    name: 'delivery-partition-of-any-name',
    sentence: 'A partition is opened whose objects no store can have: they are tried for ever.',
    edits: [
      {
        file: 'src/delivery/record/partitions.ts',
        find: 'if (!canBeNamed(record)) return keysUnfit;',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/run/hostile-records.test.ts',
      test: 'values that no name of an object can have are refused, and those behind them go on',
    },
  },
  {
    name: 'delivery-files-without-end',
    sentence: 'A chunk has a file of a table for every partition, however many there are.',
    edits: [
      {
        file: 'src/delivery/formatter/table-router.ts',
        find: 'if (this.#files.size >= filesMaxAtAll) return false;',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/formatter/table-router.test.ts',
      test: 'a chunk of many partitions is full, and has no more than memory can hold',
    },
  },
  {
    name: 'delivery-exponent-in-no-partition',
    sentence: 'A whole number that is written with an exponent is in the partition of null.',
    edits: [
      {
        file: 'src/delivery/formatter/row-partition.ts',
        find: 'return Number.isInteger(Number(tape.text(index)))',
        replace: 'return /^-?\\d+$/.test(tape.text(index))',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/formatter/table-router.test.ts',
      test: 'a whole number is in its own partition however it is written',
    },
  },
  {
    name: 'delivery-refusals-as-arguments',
    sentence: 'Refused records are handed over as the arguments of one call, which has only so many.',
    edits: [
      {
        file: 'src/delivery/record/record-stages.ts',
        find: 'for (const one of staged.refused) refused.push(one);',
        replace: 'refused.push(...staged.refused);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/record/record-stages.test.ts',
      test: 'as many records are refused as there may be in an aggregate',
    },
  },
  {
    name: 'delivery-invokes-for-nobody',
    sentence:
      'For a chunk that was dropped a function is invoked all the same, and its answer is waited for.',
    edits: [
      {
        file: 'src/delivery/formatter/serve-formatter.ts',
        find: 'if (signal.aborted) return reject(dropped());',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/formatter/serve-formatter.test.ts',
      test: 'for a chunk that was dropped between two attempts no function is invoked any more',
    },
  },
];
