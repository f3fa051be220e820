import type { Mutant } from './mutant.ts';

const delivery = 'src/delivery';
const tests = 'test/delivery/run';

/** Bugs in what takes long: slow functions, tables that are gone, records that expire. */
export const deliveryLeftoversMutants: readonly Mutant[] = [
  {
    name: 'delivery-gives-up-in-doubt',
    sentence: 'Rows go to the errors though a table may have them: nobody said whether it does.',
    edits: [
      {
        file: `${delivery}/destination/iceberg-tables.ts`,
        find: "if (error instanceof IcebergError && error.code === 'CommitStateUnknown') doubt.isUnknown = true;",
        replace: '',
      },
      {
        file: `${delivery}/destination/iceberg-tables.ts`,
        find: 'const doubt = { isSeen: !wasAsked, isUnknown: false };',
        replace: 'const doubt = { isSeen: true, isUnknown: false };',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/tables.test.ts`,
      test: 'rows that a table may have are not given up, however long nobody says whether it has',
    },
  },
  {
    name: 'delivery-of-what-is-left-besides',
    sentence: 'What is left of a chunk is put besides the object that has all of it, under another name.',
    edits: [
      {
        file: `${delivery}/run/chunk-delivery.ts`,
        find: 'objects.some(({ of }) => of === place.of);\n    // Files',
        replace: 'objects.some(({ key }) => key === place.key);\n    // Files',
      },
      {
        file: `${delivery}/run/chunk-delivery.ts`,
        find: 'const isComplete = planned.length > 0 && there.length === planned.length;',
        replace: 'const isComplete = false;',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/deliveries.test.ts`,
      test: 'what was not put before some of it expired is made of what is left, and what goes elsewhere replaces all',
    },
  },
  {
    name: 'delivery-function-asked-once-at-a-time',
    sentence: 'A function has one batch at a time, however slow it is.',
    edits: [
      {
        file: `${delivery}/transform/lambda-transform.ts`,
        find: 'const invocationsMax = 8;',
        replace: 'const invocationsMax = 1;',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/transformed.test.ts`,
      test: 'a slow function has some batches at once, and its answers are in the order of the records',
    },
  },
  {
    name: 'delivery-waits-and-stays-fresh',
    sentence: 'A delivery that reads nothing says that nothing waits for it.',
    edits: [
      {
        file: `${delivery}/run/running-delivery.ts`,
        find: 'if (this.#run === undefined) this.#meter.noteWaiting(oldest);',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/deliveries.test.ts`,
      test: 'what waits becomes older, whether it is read or not',
    },
  },
];
