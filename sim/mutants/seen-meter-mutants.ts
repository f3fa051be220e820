import type { Mutant } from './mutant.ts';

const recounted = 'whatever is put, read and split at once, what was counted is what clients were told';
const metered = 'test/gateway/metered.test.ts';
const meter = 'test/stream/meter/meter.test.ts';

/** Bugs in what is counted of streams. */
export const seenMeterMutants: readonly Mutant[] = [
  {
    name: 'meter-counts-refused',
    sentence: 'Records that were refused because of a limit count as acknowledged.',
    edits: [
      {
        file: 'src/stream/meter/put-counts.ts',
        find: '        rows.add(row, column.recordsThrottled, count);\n',
        replace: '        rows.add(row, column.recordsIn, count);\n',
      },
    ],
    proof: {
      kind: 'test',
      file: meter,
      test: 'what was refused or has failed is not counted as acknowledged',
    },
  },
  {
    name: 'meter-reads-uncounted',
    sentence: 'A call of GetRecords that was refused because of a limit is not counted.',
    edits: [
      {
        file: 'src/services/kinesis/operations/get-records.ts',
        find: '    world.meter.readThrottled(stream, shard);\n',
        replace: '',
      },
    ],
    proof: { kind: 'test', file: metered, test: recounted },
  },
  {
    name: 'meter-bills-at-the-edge',
    sentence: 'A record of exactly 25 KB is billed as two units.',
    edits: [
      {
        file: 'src/stream/meter/billed.ts',
        find: 'bytes <= unit ? 1 : Math.ceil(bytes / unit)',
        replace: 'Math.floor(bytes / unit) + 1',
      },
    ],
    proof: {
      kind: 'test',
      file: meter,
      test: 'a record is billed as at AWS: by 25 KB or by 1 KB, rounded up each',
    },
  },
  {
    name: 'meter-worker-takes-counts-along',
    sentence: 'What a worker has counted is gone with it.',
    edits: [
      {
        file: 'src/gateway/server-meter.ts',
        find: '    if (page !== undefined) this.own.include(page);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: metered,
      test: 'a worker that ends leaves what it has counted to the owner, and a sum never falls',
    },
  },
  {
    name: 'meter-samples-in-step',
    sentence: 'Every sixteenth record is looked at: of producers that take turns with 16 keys one is seen.',
    edits: [
      {
        file: 'src/stream/meter/sampler.ts',
        find: '    this.#gap = this.#nextGap();\n',
        replace: '    this.#gap = gapMean;\n',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/stream/meter/heat.test.ts',
      test: 'producers that take turns with 16 keys have each of them seen',
    },
  },
];
