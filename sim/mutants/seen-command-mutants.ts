import type { Mutant } from './mutant.ts';

/** Bugs in the commands that call a server. */
export const seenCommandMutants: readonly Mutant[] = [
  {
    name: 'refused-records-are-not-put-again',
    sentence: 'What a limit has refused of a request of millrace put is left out.',
    edits: [
      {
        file: 'src/cli/put/putter.ts',
        find: '      rest = refused;',
        replace: '      rest = refused.slice(refused.length);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/cli/put.test.ts',
      test: 'what a limit refuses is put again until it is taken',
    },
  },
  {
    name: 'any-word-deletes-a-stream',
    sentence: 'Whatever is typed when millrace stream delete asks, the stream is deleted.',
    edits: [
      {
        file: 'src/cli/stream/stream.ts',
        find: '=== name;',
        replace: "!== '';",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/cli/stream/stream.test.ts',
      test: 'whoever deletes a stream at a terminal types its name',
    },
  },
  {
    name: 'strangers-keys-at-a-profile',
    sentence: 'A profile that is asked for by --profile is not used where variables have keys.',
    edits: [
      {
        file: 'src/cli/credentials/credentials-chain.ts',
        find: '  if (asked === undefined && accessKeyId && secretAccessKey) {',
        replace: '  if (accessKeyId && secretAccessKey) {',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/cli/credentials-chain.test.ts',
      test: 'variables come before profiles, and a profile that is asked for before both',
    },
  },
];
