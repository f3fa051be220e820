import type { Mutant } from './mutant.ts';

const columns = 'test/wire/columns.test.ts';

/** Bugs in the fast path of puts: in what is plain, and in answers of many alike entries. */
export const fastPutMutants: readonly Mutant[] = [
  {
    name: 'plain-without-limits',
    sentence: 'A string that comes the fast path may be shorter than its shape allows.',
    edits: [
      {
        file: 'src/wire/columns.ts',
        find: 'if (!reader.text(max) || reader.end - reader.start < min) return false;',
        replace: 'if (!reader.text(max) || reader.end - reader.start < Math.min(min, 0)) return false;',
      },
    ],
    proof: {
      kind: 'test',
      file: columns,
      test: 'a body in which a constraint of the shape is broken is not plain (application/x-amz-json-1.1)',
    },
  },
  {
    name: 'rows-of-the-last-body',
    sentence: 'A member that a record does not have is the one of a record before it.',
    edits: [
      {
        file: 'src/wire/columns.ts',
        find: '      this.spans[row + index * spanFields] = absent;',
        replace: '      if (this.count === 0) this.spans[row + index * spanFields] = absent;',
      },
    ],
    proof: {
      kind: 'test',
      file: columns,
      test: 'the structures of a list are rows, in which absent members are absent (application/x-amz-json-1.1)',
    },
  },
  {
    name: 'one-number-for-all',
    sentence: 'All records of a put that go to one shard are told the same sequence number.',
    edits: [
      {
        file: 'src/services/kinesis/parts/repeated-item.ts',
        find: 'if (this.#numberEnd !== none) advanceNumber(buffer, this.#numberEnd);',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/kinesis/parts/record-writer.test.ts',
      test: 'in application/x-amz-json-1.1, records straight from their batches are what their shape makes of them',
    },
  },
];
