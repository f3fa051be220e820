import type { Mutant } from './mutant.ts';

const owner = 'src/log/embedded/archive/archive-owner.ts';
const ownerTest = 'test/log/embedded/archive-owner.test.ts';

/** Bugs in what an archive does beside puts, and from one start to the next. */
export const deliveryArchiveTipMutants: readonly Mutant[] = [
  {
    name: 'pieces-are-one-step',
    sentence: 'Work on many bytes that come in pieces of a step each gives nobody else a turn.',
    edits: [
      {
        file: 'src/env/byte-steps.ts',
        find: 'if (unbroken + step.length > stepBytes) {',
        replace: 'if (at > 0) {',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/env/byte-steps.test.ts',
      test: 'others have their turn after every half mebibyte, in whatever pieces the bytes are',
    },
  },
  {
    name: 'killed-starts-are-forgotten',
    sentence: 'A start remembers only the one that has the archive, and not those whose requests may come.',
    edits: [
      {
        file: owner,
        find: 'const last = [...since, server].slice(-serversMax);',
        replace: 'const last = [...since, server].slice(-1);',
      },
    ],
    proof: {
      kind: 'test',
      file: ownerTest,
      test: 'a start whose request comes after its successor was killed, too, is remembered',
    },
  },
  {
    name: 'owner-is-not-looked-at-again',
    sentence: 'A start is refused when the request of a killed one comes between its look and its own.',
    edits: [{ file: owner, find: 'const looksMax = 8;', replace: 'const looksMax = 0;' }],
    proof: {
      kind: 'test',
      file: ownerTest,
      test: 'of three starts that were killed the request of number 1 comes late, after 1 that had the archive',
    },
  },
  {
    name: 'whoever-comes-between-is-believed',
    sentence:
      'A start takes the archive of another directory that has come between its look and its request.',
    edits: [
      {
        file: owner,
        find: 'if (looks === looksMax || (found !== undefined && !isOurs(found, next))) throw',
        replace: 'if (looks === looksMax) throw',
      },
    ],
    proof: { kind: 'test', file: ownerTest, test: 'another directory that comes in between is found out' },
  },
];
