import type { Mutant } from './mutant.ts';

/** Mistakes in what several parts of deliveries share. */
export const deliveryEleganceMutants: readonly Mutant[] = [
  {
    name: 'bell-deaf-to-changes',
    sentence: 'What runs mappings or deliveries does not hear that others are wanted.',
    edits: [
      {
        file: 'src/env/bell.ts',
        find: '      await followed.changed(signal);\n      this.ring();\n',
        replace: '      await followed.changed(signal);\n',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/env/bell.test.ts',
      test: 'a bell rings with what it follows, until the signal',
    },
  },
  {
    name: 'bell-follows-for-ever',
    sentence: 'What has ended is told of changes for ever.',
    edits: [{ file: 'src/env/bell.ts', find: '    while (!signal.aborted) {', replace: '    for (;;) {' }],
    proof: {
      kind: 'test',
      file: 'test/env/bell.test.ts',
      test: 'a bell rings with what it follows, until the signal',
    },
  },
];
