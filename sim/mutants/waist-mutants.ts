import type { Mutant } from './mutant.ts';

const engineTest = 'test/log/embedded/contract-of-small.test.ts';
const remoteTest = 'test/gateway/remote-records.test.ts';

/** Bugs in what the data plane asks of an engine, here and in another thread. */
export const waistMutants: readonly Mutant[] = [
  {
    name: 'expired-is-read',
    sentence: 'A read from the disk or from memory answers what arrived before the time it was asked for.',
    edits: [
      {
        file: 'src/log/embedded/write/shard-log.ts',
        find: 'if (batches[0]!.arrival >= request.since) return batches;',
        replace: 'if (batches[0]!.arrival >= 0) return batches;',
      },
    ],
    proof: {
      kind: 'test',
      file: engineTest,
      test: 'a read leaves out what arrived before a time, wherever it begins',
    },
  },
  {
    name: 'dropped-comes-to-life',
    sentence: 'A call that comes after its stream was dropped makes the stream anew.',
    edits: [
      {
        file: 'src/log/embedded/embedded-log.ts',
        find: '    this.#dropped.add(stream);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: engineTest,
      test: 'a stream that is dropped before it was ever used takes nothing either',
    },
  },
  {
    name: 'growth-never-cancelled',
    sentence: 'The owner goes on waiting for growth that a worker no longer waits for.',
    edits: [
      {
        file: 'src/gateway/records-server.ts',
        find: 'this.#cancels.get(number)?.abort()',
        replace: 'void number',
      },
    ],
    proof: {
      kind: 'test',
      file: remoteTest,
      test: 'a worker that no longer waits for growth leaves nothing behind at the owner',
    },
  },
];
