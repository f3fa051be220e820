import type { Mutant } from './mutant.ts';

const remoteKeys = 'src/access/keys/remote-keys.ts';
const wildcard = 'src/access/policy/wildcard.ts';
const scope = 'src/access/sigv4/scope.ts';

/** Bugs in a KMS elsewhere, in long texts of callers, in other partitions. */
export const sealedMutants: readonly Mutant[] = [
  {
    name: 'strangers-words-are-told',
    sentence: 'What a KMS elsewhere says of a signature is repeated, with what was signed.',
    edits: [{ file: remoteKeys, find: 'if (strangers.has(type))', replace: "if (type === '')" }],
    proof: {
      kind: 'test',
      file: 'test/access/keys/remote-keys.test.ts',
      test: 'what a KMS says of the signature is not repeated',
    },
  },
  {
    name: 'piece-found-again-from-its-start',
    sentence: 'A piece of a pattern that did not fit is compared from its start, from the next place on.',
    edits: [
      {
        file: wildcard,
        find: 'if (piece.includes(anyUnit)) return searchInParallel(piece, text, from, end, steps);',
        replace:
          'for (; from + piece.length <= end; from++) if (fitsAt(piece, 0, piece.length, text, from, steps)) return from;\n  if (from >= 0) return -1;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/policy/wildcard.test.ts',
      test: 'a piece with question marks takes a step for 32 of its characters and each of the text',
    },
  },
  {
    name: 'one-home-for-all-partitions',
    sentence: 'IAM takes signatures for us-east-1 in every partition.',
    edits: [
      {
        file: scope,
        find: 'const home = homes.get(partitionOf(region));',
        replace: "const home = 'us-east-1';",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/iam/xml.test.ts',
      test: 'a server of cn-northwest-1 takes the signatures of IAM, which are for cn-north-1',
    },
  },
];
