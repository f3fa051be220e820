import type { Mutant } from './mutant.ts';

const codecs = 'test/env/platformatic/codecs.test.ts';

/** Bugs between Millrace and its brokers. */
export const kafkaBrokersMutants: readonly Mutant[] = [
  {
    name: 'leader-alone-acknowledges',
    sentence: 'A batch is acknowledged when its leader has it, before any replica does.',
    edits: [
      {
        file: 'src/env/platformatic/produce-codec.ts',
        find: 'const allInSync = -1;',
        replace: 'const allInSync = 1;',
      },
    ],
    proof: {
      kind: 'test',
      file: codecs,
      test: 'batches are in a produce as they were given, each behind its partition',
    },
  },
  {
    name: 'cut-off-answer-taken',
    sentence: 'Of an answer that is cut off, what is there is taken for all of it.',
    edits: [
      {
        file: 'src/env/platformatic/wire-reader.ts',
        find: "    if (start + bytes > this.#buffer.length) throw new RangeError('the answer is cut off');\n",
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: codecs,
      test: 'what a fetch was answered is read with its batches as they are',
    },
  },
  {
    name: 'own-newest-version',
    sentence: 'A broker is asked in the newest version that Millrace knows, whatever the broker speaks.',
    edits: [
      {
        file: 'src/env/platformatic/apis.ts',
        find: 'Math.min(theirs.last, known.last)',
        replace: 'known.last',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/env/platformatic-kafka.test.ts',
      test: 'versions are the newest that both know, and a broker that knows none is refused',
    },
  },
  {
    name: 'unreadable-answer-survived',
    sentence: 'A connection goes on after an answer that nobody could read.',
    edits: [
      {
        file: 'src/env/platformatic/line.ts',
        find: 'if (!(error instanceof RangeError)) throw error;\n      this.end',
        replace: 'if (!(error instanceof RangeError)) throw error;\n      String',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/env/platformatic-kafka.test.ts',
      test: 'an answer that is cut off is none, and the connection is over',
    },
  },
];
