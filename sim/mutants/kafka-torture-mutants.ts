import type { Mutant } from './mutant.ts';

const file = 'test/log/kafka/failover.test.ts';

/** Bugs of gateways whose brokers fail, which the torture of real ones found. */
export const kafkaTortureMutants: readonly Mutant[] = [
  {
    name: 'same-broker-asked',
    sentence: 'Who leads is asked of the same broker each time, though it may be cut off and not know it.',
    edits: [
      {
        file: 'src/log/kafka/brokers.ts',
        find: 'const at = this.#turn++ % Math.max(1, all.length);',
        replace: 'const at = this.#turn % Math.max(1, all.length);',
      },
    ],
    proof: {
      kind: 'test',
      file,
      test: 'whichever broker is cut off from the others and does not know it, clients find who leads by now',
    },
  },
  {
    name: 'new-leader-believed',
    sentence:
      'Where a partition ends is taken from what a leader answers a fetch with, also right after its election.',
    edits: [
      {
        file: 'src/log/kafka/catch-up.ts',
        find: "end: Math.max(bounds.end, await this.offset(of, 'latest')) };",
        replace: 'end: bounds.end };',
      },
    ],
    proof: {
      kind: 'test',
      file,
      test: 'a reader that comes after an election is not told that it is at the tip before it is',
    },
  },
  {
    name: 'late-answer-believed',
    sentence: 'What a broker answers after it stood still is taken for what is so now.',
    edits: [
      {
        file: 'src/log/kafka/tail-fetcher.ts',
        find: '    if (clock.monotonic() - askedAt > waiting.waitMs + freshMs) return await this.#failed();\n',
        replace: '    if (clock.monotonic() < askedAt) return;\n',
      },
    ],
    proof: {
      kind: 'test',
      file,
      test: 'what a broker answers after it stood still is not taken for what is so now',
    },
  },
  {
    name: 'session-over-widened',
    sentence: 'A channel between gateways that was given up in the moment it began ends the process.',
    edits: [
      {
        file: 'src/http/peers/peer-hello.ts',
        find: '  if (!session.destroyed) session.setLocalWindowSize(windowBytes.session);',
        replace: '  session.setLocalWindowSize(windowBytes.session);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/http/peers/begun-late.test.ts',
      test: 'a session that is over before it is said to have begun does not end the process',
    },
  },
  {
    name: 'late-answer-as-of-now',
    sentence: 'What is known of a tip is as old as its answer, however long that waited for its reader.',
    edits: [
      {
        file: 'src/log/kafka/tail-fetcher.ts',
        find: 'this.asOf = askedAt;',
        replace: 'this.asOf = clock.monotonic();',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/kafka/partition-reader.test.ts',
      test: 'an answer that waited for its reader is as old as its question',
    },
  },
];
