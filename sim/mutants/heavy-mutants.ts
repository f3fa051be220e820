import type { Mutant } from './mutant.ts';

/** Bugs in how large bodies are hashed and read in another thread. */
export const heavyMutants: readonly Mutant[] = [
  {
    name: 'large-body-signed-unseen',
    sentence: 'The signature over a large body is verified by the hash that the request itself declares.',
    edits: [
      {
        file: 'src/rpc/dispatch.ts',
        find: 'identifyAnywhere(world, call, { ...request, body: signed }, body, requestId, sha256)',
        replace:
          "identifyAnywhere(world, call, { ...request, body: signed }, body, requestId, call.headers.get('x-amz-content-sha256'))",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/large-call.test.ts',
      test: 'the signature over a large body is verified by the hash that was made of it',
    },
  },
  {
    name: 'large-body-of-another',
    sentence: 'With two large bodies under way, each call gets what the other one said.',
    edits: [
      {
        file: 'src/rpc/body-thread.ts',
        find: 'this.#waiting.shift()?.resolve(answer)',
        replace: 'this.#waiting.pop()?.resolve(answer)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/body-thread.test.ts',
      test: 'the first large body has the thread started, and each call gets its own answer',
    },
  },
  {
    name: 'large-body-hangs-with-its-thread',
    sentence: 'A large call is never answered when the thread that reads its body dies.',
    edits: [
      {
        file: 'src/rpc/body-thread.ts',
        find: 'for (const { reject } of lost) reject(',
        replace: 'for (const { reject } of lost.slice(0, 0)) reject(',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/body-thread.test.ts',
      test: 'a thread that dies fails the calls that wait for it, and the next one starts another',
    },
  },
];
