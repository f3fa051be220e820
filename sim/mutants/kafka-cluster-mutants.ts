import type { Mutant } from './mutant.ts';

const places = 'src/cluster/journalled-places.ts';
const placesTest = 'test/cluster/places.test.ts';
const clusterTest = 'test/cluster/cluster.test.ts';
const sealingTest = 'test/cluster/sealing.test.ts';

/** Bugs in how gateways agree: on who may acknowledge, on where a shard ends, on who is gone, on slots. */
export const kafkaClusterMutants: readonly Mutant[] = [
  {
    name: 'seal-without-waiting',
    sentence: 'Who seals a shard does not wait for the other gateways, and these pass gaps without asking.',
    edits: [
      {
        file: places,
        find: 'while (!isOver() && !isDone()) {',
        replace: 'while (!isOver() && closing < 0) {',
      },
      {
        file: 'src/log/kafka/kafka-shard.ts',
        find: 'const isBehindGap = stored.first > Math.max(place.base, this.#harmless);',
        replace: 'const isBehindGap = false;',
      },
    ],
    proof: {
      kind: 'test',
      file: sealingTest,
      test: 'nothing acknowledged is behind the seal, whoever stands still and whoever seals',
    },
  },
  {
    name: 'acknowledged-without-a-lease',
    sentence: 'A gateway acknowledges although its lease is over.',
    edits: [
      {
        file: places,
        find: "return lease.isValid ? 'acknowledge' : 'unknown';",
        replace: "return 'acknowledge';",
      },
    ],
    proof: {
      kind: 'test',
      file: clusterTest,
      test: 'a gateway that nobody heard for long acknowledges nothing, and joins again by itself',
    },
  },
  {
    name: 'lease-renewed-for-what-closes',
    sentence: 'A lease that was renewed after a shard began to close counts for that shard.',
    edits: [{ file: places, find: 'lease.isValidFor(closing)', replace: 'lease.isValid' }],
    proof: {
      kind: 'test',
      file: placesTest,
      test: 'a lease that was renewed after a shard began to close does not count for it',
    },
  },
  {
    name: 'drained-but-acknowledged',
    sentence: 'A gateway goes on acknowledging by its lease what it has said to have let end.',
    edits: [
      {
        file: places,
        find: 'closing === undefined || drains.hasGivenUp(closing)',
        replace: 'closing === undefined',
      },
    ],
    proof: {
      kind: 'test',
      file: placesTest,
      test: 'what is under way when a shard closes is acknowledged until the gateway has given it up',
    },
  },
  {
    name: 'lease-from-its-answer',
    sentence:
      'A lease counts from when its heartbeat is known to be in the journal, not from when it was sent.',
    edits: [
      {
        file: 'src/cluster/membership.ts',
        find: 'lease.grant(sent, closings);',
        replace: 'lease.grant(momentOf(clock), closings);',
      },
    ],
    proof: {
      kind: 'test',
      file: clusterTest,
      test: 'a lease counts from when its heartbeat was sent, not from when it was known to be there',
    },
  },
  {
    name: 'removed-although-alive',
    sentence: 'A gateway is taken for gone although it was heard of in time.',
    edits: [
      {
        file: 'src/cluster/membership.ts',
        find: 'isRemoved = members.get(number)?.beats === beats;',
        replace: 'isRemoved = members.has(number);',
      },
    ],
    proof: {
      kind: 'test',
      file: clusterTest,
      test: 'a gateway that is heard of again right before it would be removed stays',
    },
  },
  {
    name: 'slot-used-too-soon',
    sentence: 'The slot of a shard is given to another one while records are left in it.',
    edits: [{ file: places, find: 'if (start < from || from <= place.seal) return;\n', replace: '\n' }],
    proof: { kind: 'test', file: placesTest, test: 'a slot of which something is left is not used again' },
  },
  {
    name: 'slot-begins-too-early',
    sentence: 'A shard in a slot that is used again begins before what came late for the one before it.',
    edits: [
      {
        file: 'src/cluster/slots.ts',
        find: 'return [slot, first + 1];',
        replace: 'return [slot, Math.min(slot[1], first)];',
      },
    ],
    proof: {
      kind: 'test',
      file: placesTest,
      test: 'a slot is used again once its shard has expired, behind all that ever was in it',
    },
  },
  {
    name: 'topic-of-a-dropped-stream',
    sentence: 'A gateway that makes a topic while its stream is dropped leaves it there.',
    edits: [
      {
        file: 'src/cluster/slots.ts',
        find: 'if (error instanceof DroppedError) await',
        replace: 'if (error instanceof DroppedError && stream === undefined) await',
      },
    ],
    proof: {
      kind: 'test',
      file: placesTest,
      test: 'a gateway that makes a topic after the stream was dropped removes it again',
    },
  },
  {
    name: 'duty-without-a-lease',
    sentence: 'A gateway that was taken for gone goes on with its duties.',
    edits: [
      {
        file: 'src/cluster/duties.ts',
        find: 'membership.self.id && lease.isValid;',
        replace: 'membership.self.id && lease !== undefined;',
      },
    ],
    proof: {
      kind: 'test',
      file: clusterTest,
      test: "a duty is one member's at a time, and the next has a higher number",
    },
  },
];
