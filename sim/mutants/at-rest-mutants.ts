import type { Mutant } from './mutant.ts';

/** Bugs in what happens while keys are awaited, and in what a directory may hold. */
export const atRestMutants: readonly Mutant[] = [
  {
    name: 'waiting-for-keys-without-end',
    sentence: 'What waits for a key that does not come is not counted.',
    edits: [{ file: 'src/log/key-queue.ts', find: 'this.#bytes += bytes;', replace: '' }],
    proof: {
      kind: 'test',
      file: 'test/log/encrypted-records.test.ts',
      test: 'what waits for a key is bounded, and no reason to refuse what need not wait',
    },
  },
  {
    name: 'gone-stream-in-plain',
    sentence: 'Of a stream that is deleted while its key is awaited, records go on in plain.',
    edits: [
      {
        file: 'src/access/keys/stream-keys.ts',
        find: `    const stream = this.#requireStream(id);
    const named = stream.encryptionKey;`,
        replace: `    const stream = this.#stream(id);
    if (stream === undefined) return undefined;
    const named = stream.encryptionKey;`,
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/keys/stream-keys.test.ts',
      test: 'of a stream that is gone nothing is encrypted, stored in plain, or opened',
    },
  },
  {
    name: 'old-wrappings-stay',
    sentence: 'What a former root key has wrapped stays in the files of the journals.',
    edits: [
      {
        file: 'src/server/secrets.ts',
        find: 'await keys.rewrite((state) => rewrapKeys(state, root));',
        replace: 'await keys.commit((state) => rewrapKeys(state, root));',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/nothing-readable.test.ts',
      test: 'whatever is done on a server, its directory holds no secret, and after another root key nothing of the old one',
    },
  },
  {
    name: 'late-service-never-there',
    sentence: 'A service that loads late is not waited for.',
    edits: [
      {
        file: 'src/rpc/route.ts',
        find: "  if (loaded !== undefined) return { kind: 'later', protocol, loaded };\n  const operation",
        replace: '  const operation',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/late-service.test.ts',
      test: 'a service loads with its first call, and not with those of others',
    },
  },
];
