import type { Mutant } from './mutant.ts';

/** Bugs around the server: in what it takes from files, and in what it tells of those it refuses. */
export const cliMutants: readonly Mutant[] = [
  {
    name: 'reload-keeps-the-users',
    sentence: 'Users that were taken out of the credentials file may still call after a reload.',
    edits: [
      {
        file: 'src/server/renewal.ts',
        find: '    gate.admit(credentials);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/reload.test.ts',
      test: 'a server within a program is told to reload, too, and all its threads know when it has',
    },
  },
  {
    name: 'refusal-tells-the-signature',
    sentence: 'The log of a refused request quotes its Authorization header.',
    edits: [
      {
        file: 'src/rpc/refusal.ts',
        find: 'const reason = withoutQuotes(error.message)',
        replace: 'const reason = error.message',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/refusal.test.ts',
      test: 'no refusal tells a signature, or a secret that stands where the key id belongs',
    },
  },
];
