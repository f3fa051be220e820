import type { Mutant } from './mutant.ts';

/** Mistakes in what deliveries hold, and in giving it back. */
export const deliveryMemoryMutants: readonly Mutant[] = [
  {
    name: 'delivery-gives-back-before-the-put',
    sentence: 'The bytes of an object are given back by an attempt to put it that has failed.',
    edits: [
      {
        file: 'src/delivery/run/chunk-delivery.ts',
        find: '        await this.#insistence.on(() => store.put(place, bytes, how, this.#signal));\n        giveBack(bytes);\n',
        replace:
          '        await this.#insistence.on(() =>\n          store.put(place, bytes, how, this.#signal).finally(() => giveBack(bytes)),\n        );\n',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/run/deliveries.test.ts',
      test: 'what is put gives its memory back, and not before the store has it',
    },
  },
  {
    name: 'delivery-gives-back-what-others-read',
    sentence: 'A read that passes gives back memory of the cache of blocks.',
    edits: [
      {
        file: 'src/log/embedded/read/read.ts',
        find: 'answer.room, isPassing)',
        replace: 'answer.room)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/reading.test.ts',
      test: 'who passes reads what is stored, and what others read there stays theirs',
    },
  },
  {
    name: 'blocks-kept-for-who-passes',
    sentence: 'A backlog that is delivered takes all of the memory for blocks.',
    edits: [
      {
        file: 'src/log/embedded/read/block-cache.ts',
        find: '    if (entry.isPassing) this.#makeRoomOfPassing(length);\n',
        replace: '',
      },
      {
        file: 'src/log/embedded/read/block-cache.ts',
        find: '    else if (entry.isPassing) this.#makeRoomOfPassing(0);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/read/block-cache.test.ts',
      test: 'a reader that passes takes little memory, and leaves what others read',
    },
  },
  {
    name: 'delivery-text-in-large-memory',
    sentence: 'Pieces of text hold memory that they do not fill until they are put.',
    edits: [
      {
        file: 'src/delivery/format/text-object.ts',
        find: 'compress: inOwnMemory',
        replace: 'compress: (piece) => piece',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/format/text-object.test.ts',
      test: 'what is in an object as it is lies in memory that it mostly fills, which another thread can have',
    },
  },
];
