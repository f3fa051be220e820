import type { Mutant } from './mutant.ts';

const readAhead = 'test/http/pipelined.test.ts';
const connectionEnds = 'test/http/connection-ends.test.ts';

/** Bugs in what a connection may hold, say and leave behind. */
export const redMutants: readonly Mutant[] = [
  {
    name: 'deaf-for-ever',
    sentence: 'A connection that was hung up on waits for its client to take the last of its answer.',
    edits: [
      {
        file: 'src/http/fast-connection.ts',
        find: '    this.#context.deadlines.add(this.#giveUp, patience);\n',
        replace: '    if (patience < 0) this.#context.deadlines.add(this.#giveUp, patience);\n',
      },
    ],
    proof: {
      kind: 'test',
      file: connectionEnds,
      test: 'a client that has ended its half and does not take its answer is ended after a minute',
    },
  },
  {
    name: 'ahead-for-nothing',
    sentence: 'What is read before its turn counts nowhere.',
    edits: [
      {
        file: 'src/http/pipelined.ts',
        find: '    if (more <= 0) return true;',
        replace: '    if (more <= Number.MAX_SAFE_INTEGER) return true;',
      },
    ],
    proof: {
      kind: 'test',
      file: readAhead,
      test: 'what waits behind a request counts while it waits, and is served: plain requests',
    },
  },
  {
    name: 'chunks-at-once',
    sentence: 'All chunks of a read are looked at before any other connection is served.',
    edits: [
      {
        file: 'src/http/http1.ts',
        find: 'const hasEnough = () => this.#givesWay || (this',
        replace: 'const hasEnough = () => (this',
      },
    ],
    proof: {
      kind: 'test',
      file: readAhead,
      test: 'a body in small chunks is not read to its end before the others have had a turn',
    },
  },
];
