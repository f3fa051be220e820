import type { Mutant } from './mutant.ts';

const replication = 'test/harness/kafka/replication.test.ts';
const contract = 'test/harness/kafka/contract.test.ts';
const loses = 'lose nothing that they acknowledged or showed, with strong settings';

/** Bugs in the fake brokers: where they would promise less than real ones, or more. */
export const kafkaFakeMutants: readonly Mutant[] = [
  {
    name: 'acknowledged-by-the-leader-alone',
    sentence: 'A fake broker acknowledges what is in its own log, whoever else has it.',
    edits: [
      {
        file: 'harness/kafka/replica.ts',
        find: 'if (this.#highWatermark < end) return undefined;',
        replace: 'if (this.log.end < end) return undefined;',
      },
    ],
    proof: { kind: 'test', file: replication, test: loses },
  },
  {
    name: 'crashed-replica-eligible',
    sentence: 'A fake broker that lost power may lead again with what is left on its disk.',
    edits: [
      {
        file: 'harness/kafka/controller.ts',
        find: 'this.#leave(id, isClean ? undefined : id);',
        replace: '',
      },
    ],
    proof: { kind: 'test', file: replication, test: loses },
  },
  {
    name: 'forked-tail-kept',
    sentence: 'A fake follower keeps a tail that its leader does not have, and goes on behind it.',
    edits: [
      {
        file: 'harness/kafka/replication.ts',
        find: 'return known.epoch < lastEpoch || known.end < end ? known : undefined;',
        replace: 'return undefined;',
      },
    ],
    proof: { kind: 'test', file: replication, test: loses },
  },
  {
    name: 'gap-between-sequences',
    sentence: 'A fake broker takes a batch whose producer has left some out.',
    edits: [
      {
        file: 'harness/kafka/producer-states.ts',
        find: 'return first === next ?',
        replace: 'return first >= next ?',
      },
    ],
    proof: {
      kind: 'test',
      file: contract,
      test: 'fake brokers keep the contract of brokers a producer leaves no gap, but may begin anywhere',
    },
  },
];
