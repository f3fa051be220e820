import type { Mutant, Proof } from './mutant.ts';

const catchUp = 'src/log/kafka/catch-up.ts';

/** Bugs in whom readers believe where a partition ends, and in what topics of streams are held to. */
export const kafkaLeadersMutants: readonly Mutant[] = [
  {
    name: 'kafka-deposed-leader-believed',
    sentence: 'Nobody but the leader itself is asked whether it leads still when an end is wanted as of now.',
    edits: [
      {
        file: 'src/log/kafka/brokers.ts',
        find: 'await this.#check.ask(of.topic, others);',
        replace: 'if (others.length > 9) await this.#check.ask(of.topic, others);',
      },
    ],
    proof: leaderTest(
      'a leader that was deposed and does not know it yet does not say where a partition ends now',
    ),
  },
  {
    name: 'kafka-no-other-needed',
    sentence: 'Of three replicas none besides the leader has to say who leads.',
    edits: [
      {
        file: 'src/log/kafka/leader-check.ts',
        find: 'const needed = others.length - 1;',
        replace: 'const needed = others.length - 2;',
      },
    ],
    proof: leaderTest(
      'whatever befalls leaders, what was acknowledged to one is before the end of whoever asks then',
    ),
  },
  {
    name: 'kafka-fetch-without-epoch',
    sentence: 'A fetch does not say which leader it means: one that only follows by now answers it.',
    edits: [
      {
        file: catchUp,
        find: 'const wanted = { ...plain(of), from, leaderEpoch: leader.epoch };',
        replace: 'const wanted = { ...plain(of), from, ...(leader.epoch < 0 && { leaderEpoch: 0 }) };',
      },
    ],
    proof: leaderTest('a reader whose leader only follows by now reads from the one that leads'),
  },
  {
    name: 'kafka-compressed-topic-sound',
    sentence: 'A topic whose brokers compress records in a way that is not read here is taken for sound.',
    edits: [
      {
        file: 'src/log/kafka/topic-guard.ts',
        find: "exactly('compression.type', 'uncompressed'),",
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/kafka/topic-guard.test.ts',
      test: 'a control topic with compression.type lz4 is refused in one line',
    },
  },
];

function leaderTest(test: string): Proof {
  return { kind: 'test', file: 'test/log/kafka/leader-check.test.ts', test };
}
