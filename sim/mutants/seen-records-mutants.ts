import type { Mutant } from './mutant.ts';

/** Bugs in what the console does with records: what is shown, put, replayed and saved. */
export const seenRecordsMutants: readonly Mutant[] = [
  {
    name: 'pause-lets-records-go',
    sentence: 'While a tail is paused its buffer lets go of the oldest records, as when it follows.',
    edits: [
      {
        file: 'console/pages/records/tail-session.ts',
        find: 'this.buffer.push(data, !this.#isFollowing)',
        replace: 'this.buffer.push(data, false)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/console/pages/records/tail-session.test.ts',
      test: 'while it is paused nothing is let go, and it reads on where the full buffer stopped',
    },
  },
  {
    name: 'resumed-tail-shows-twice',
    sentence: 'Records that came after the last id show twice when a connection breaks.',
    edits: [
      {
        file: 'console/pages/records/resumed-events.ts',
        find: "event.event !== 'record' || !again.delete(event.data)",
        replace: "event.event !== 'record' || again.delete(event.data) !== undefined",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/console/pages/records/tail-session.test.ts',
      test: 'a connection that breaks loses no record and shows none twice',
    },
  },
  {
    name: 'batch-forgets-the-refused',
    sentence: 'Records of a batch that a shard refuses are counted as put, and not sent again.',
    edits: [
      {
        file: 'console/pages/records/put-all.ts',
        find: 'if (ErrorCode === undefined || ErrorCode === null) {',
        replace: "if (ErrorCode !== 'InternalFailure') {",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/console/pages/records/produce.test.ts',
      test: 'records that a shard refuses are sent again until all are put, each counted once',
    },
  },
  {
    name: 'cut-json-loses-its-quotes',
    sentence: 'A bracket in a text ends a value of JSON where a file happens to be cut within that text.',
    edits: [
      {
        file: 'console/pages/records/json-values.ts',
        find: '    const values: string[] = [];\n    let from = 0;\n',
        replace: '    const values: string[] = [];\n    let from = 0;\n    this.#isInText = false;\n',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/console/pages/records/produce.test.ts',
      test: 'JSON values keep their text: brackets in texts, large numbers, several lines',
    },
  },
];
