import type { Mutant } from './mutant.ts';

const s3Tests = 'test/objects/s3-store.test.ts';

/** Bugs in stores of objects. */
export const deliveryObjectsMutants: readonly Mutant[] = [
  {
    name: 'object-lost-answer',
    sentence: 'A put on a condition whose answer was lost is refused, as if another had been first.',
    edits: [
      {
        file: 'src/objects/s3/object-put.ts',
        find: 'this.#isUnclear ? await this.#ours(signal) : undefined',
        replace: 'undefined',
      },
    ],
    proof: {
      kind: 'test',
      file: s3Tests,
      test: 'a put on a condition whose answer was lost counts as put, and not when somebody else was first',
    },
  },
  {
    name: 'object-others-word',
    sentence: "After a failure, somebody else's object counts as put, and two writers both win.",
    edits: [
      {
        file: 'src/objects/s3/object-put.ts',
        find: 'this.#word === undefined || headers[wordHeader] !== this.#word',
        replace: "headers['etag'] === undefined",
      },
    ],
    proof: {
      kind: 'test',
      file: s3Tests,
      test: 'a put on a condition whose answer was lost counts as put, and not when somebody else was first',
    },
  },
  {
    name: 'object-sent-elsewhere',
    sentence: 'An object, and what signs for it, follow a redirect to any host.',
    edits: [
      {
        file: 'src/objects/s3/bucket-address.ts',
        find: 'if (!isKin || bare',
        replace: 'if (bare',
      },
    ],
    proof: {
      kind: 'test',
      file: s3Tests,
      test: 'a redirect is followed to a host of the same endpoint, and nowhere else',
    },
  },
  {
    name: 'object-replaced-unseen',
    sentence: 'In a directory, an object replaces one that another process has put since.',
    edits: [
      {
        file: 'src/objects/directory/file-put.ts',
        find: 'const lock = await this.#lock(path);\n      try {\n        if',
        replace: 'const lock = { release: async () => {} };\n      try {\n        if',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/objects/directory-store.test.ts',
      test: 'of processes that replace an object at once one does, and one that was told so may go on',
    },
  },
  {
    name: 'object-probe-in-turn',
    sentence:
      'Whether a store keeps conditional writes is asked by one put after the other, which prove nothing.',
    edits: [
      {
        file: 'src/objects/conditional-writes.ts',
        find: 'Array.from({ length: racers }, (_, nth) => attempt(store, place, nth, signal));',
        replace:
          '[attempt(store, place, 0, signal)];\n' +
          '  for (let nth = 1; nth < racers; nth++) {\n' +
          '    await Promise.allSettled(attempts);\n' +
          '    attempts.push(attempt(store, place, nth, signal));\n' +
          '  }',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/objects/conditional-writes.test.ts',
      test: 'a store in which two win is refused, whether it looks too early or not at all',
    },
  },
];
