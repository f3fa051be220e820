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
    name: 'kafka-former-leader-acknowledges',
    sentence: 'A broker that leads no more, by what was known of it, is taken for having stored a batch.',
    edits: [{ file: verdict, find: "return 'unsure';", replace: "return 'stored';" }],
    proof: producerTest(
      'what may be there is not sent under another epoch: its caller is told that nobody knows',
    ),
  },
  {
    name: 'kafka-too-few-acknowledge',
    sentence: 'A batch is acknowledged that fewer brokers have than the topic asks for.',
    edits: [
      {
        file: verdict,
        find: "[errorCodes.requestTimedOut, 'unsure']",
        replace: "[errorCodes.requestTimedOut, 'stored']",
      },
      {
        file: verdict,
        find: "[errorCodes.notEnoughReplicasAfterAppend, 'unsure']",
        replace: "[errorCodes.notEnoughReplicasAfterAppend, 'stored']",
      },
    ],
    proof: producerTest(
      'without enough replicas in sync nothing is acknowledged, and later everything goes on',
    ),
  },
  {
    name: 'kafka-acknowledged-before-the-answer',
    sentence: 'A batch that was sent is acknowledged where the one before ended, answered or not.',
    edits: [
      {
        file: partitionAppends,
        find: `if (attempt === 'no answer') {
      batch.mayBeThere = true;
      return false;`,
        replace: `if (attempt === 'no answer') {
      const first = this.#producer!.sequence;
      this.#succeed(batch, { ...this.of, error: 0, first, start: 0, appendedAt: -1 });
      return true;`,
      },
    ],
    proof: producerTest(
      'a batch of unknown fate does not lend its sequence, nor its offset, to the next one',
    ),
  },
  {
    name: 'kafka-new-sequence-when-sent-again',
    sentence: 'A batch that is sent again because nobody answered has a sequence of its own.',
    edits: [
      {
        file: partitionAppends,
        find: `if (attempt === 'no answer') {
      batch.mayBeThere = true;`,
        replace: `if (attempt === 'no answer') {
      batch.mayBeThere = true;
      this.#beginEpoch();`,
      },
    ],
    proof: producerTest(
      'what was stored by a request without an answer is stored once, and answers its offset',
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
