import type { Mutant, Proof } from './mutant.ts';

const partitionAppends = 'src/log/kafka/partition-appends.ts';
const verdict = 'src/log/kafka/produce-verdict.ts';

/** Bugs in what is appended to Kafka, and in what is believed of its brokers. */
export const kafkaProducerMutants: readonly Mutant[] = [
  {
    name: 'kafka-sequence-lent',
    sentence: 'A record batch of unknown fate is given up, and the next one takes its sequence.',
    edits: [
      { file: partitionAppends, find: 'if (this.#batch?.mayBeThere) this.#beginEpoch();', replace: '' },
    ],
    proof: producerTest(
      'a batch of unknown fate does not lend its sequence, nor its offset, to the next one',
    ),
  },
  {
    name: 'kafka-new-epoch-for-what-may-be-there',
    sentence: 'A record batch that a broker may have stored is sent again under a new epoch.',
    edits: [
      {
        file: partitionAppends,
        find: `case 'out of sequence':
        if (batch.mayBeThere)`,
        replace: `case 'out of sequence':
        if (false)`,
      },
    ],
    proof: producerTest(
      'what may be there is not sent under another epoch: its caller is told that nobody knows',
    ),
  },
  {
    name: 'kafka-deposed-leader-stores-nothing',
    sentence: 'A leader that was deposed while it waited for the others is believed to have stored nothing.',
    edits: [{ file: verdict, find: "return 'unsure';", replace: "return 'refused';" }],
    proof: producerTest(
      'what may be there is not sent under another epoch: its caller is told that nobody knows',
    ),
  },
  {
    name: 'kafka-offset-made-up',
    sentence: 'An answer without an offset, for what was stored long before, is taken for one.',
    edits: [{ file: verdict, find: "first < 0 ? 'elsewhere' : 'stored'", replace: "'stored'" }],
    proof: producerTest('an offset that is not said is not made up'),
  },
  {
    name: 'kafka-one-offset-for-all',
    sentence: 'All appends in a record batch are told the offset of its first record.',
    edits: [{ file: partitionAppends, find: 'offset += recordsIn(append.batch);', replace: '' }],
    proof: producerTest('appends are stored in the order of the calls, and answer where and when'),
  },
  {
    name: 'kafka-former-leader-returns',
    sentence: 'A broker that was cut off is believed when it says who led a while ago.',
    edits: [
      {
        file: 'src/log/kafka/leaders.ts',
        find: 'if (leaderEpoch < (known.epochs[partition] ?? 0)) continue;',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/kafka/leaders.test.ts',
      test: 'an epoch of a leader that another has replaced does not come back',
    },
  },
  {
    name: 'kafka-checksum-unread',
    sentence: 'Nobody looks at the checksum of what a broker has kept.',
    edits: [
      {
        file: 'src/log/kafka/record-batch-reader.ts',
        find: 'crc32c(batch.subarray(field.attributes)) !== batch.readUInt32BE(field.checksum)',
        replace: 'false',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/kafka/record-batch.test.ts',
      test: 'a flipped bit is found, here or where reading goes on, or changes nothing',
    },
  },
];

function producerTest(test: string): Proof {
  return { kind: 'test', file: 'test/log/kafka/producer.test.ts', test };
}
