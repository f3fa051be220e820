import { type Mutant, simulation } from './mutant.ts';

const archive = 'src/log/embedded/archive';

/** Bugs in the archive as a whole server has it, over crashes, power cuts and a store that is away. */
export const deliveryArchiveProofMutants: readonly Mutant[] = [
  {
    name: 'control-plane-lost-in-the-archive',
    sentence: 'Files of a generation that is kept are removed with the one before it.',
    edits: [
      {
        file: `${archive}/generations.ts`,
        find: '      if (!kept.has(name)) await this.#store.delete(name, signal);',
        replace: '      await this.#store.delete(name, signal);',
      },
    ],
    proof: simulation('missing', '20'),
  },
  {
    name: 'dropped-stream-stays-in-the-archive',
    sentence: 'What was archived of a stream stays in the archive when the stream is deleted.',
    edits: [
      {
        file: `${archive}/archiver.ts`,
        find: '      await this.#removeAll(streamPrefix(name.slice(0, -droppedSuffix.length)), signal);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/archive.test.ts',
      test: 'the objects of a stream that was dropped go, however late the store answers',
    },
  },
  {
    name: 'generation-number-is-lost',
    sentence: 'A generation whose answer was lost holds up every later one.',
    edits: [
      {
        file: `${archive}/generations.ts`,
        find: '      this.#last = undefined;\n      throw error;',
        replace: '      throw error;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/archive-generations.test.ts',
      test: 'a generation whose answer was lost does not hold up the next one',
    },
  },
];
