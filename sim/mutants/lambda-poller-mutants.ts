import type { Mutant } from './mutant.ts';

const poller = 'src/services/lambda/poller';
const tests = 'test/services/lambda/poller';
const properties = {
  kind: 'test',
  file: `${tests}/mapping-properties.test.ts`,
  test: 'whatever happens, each record is done or kept, in order, children after parents, and once it is committed not again',
} as const;

/** Bugs in what has functions process streams. */
export const lambdaPollerMutants: readonly Mutant[] = [
  {
    name: 'checkpoint-before-the-answer',
    sentence: 'Records that a function was called with are behind the mark before it has answered.',
    edits: [
      {
        file: `${poller}/lane.ts`,
        find: 'return this.#left[0]?.records[0] ?? this.queue.first;',
        replace: 'return this.queue.first;',
      },
    ],
    proof: properties,
  },
  {
    name: 'child-before-parent',
    sentence: 'A shard is begun though its parents are not finished.',
    edits: [
      {
        file: `${poller}/running-mapping.ts`,
        find: '!isFinished(index) && parents.every(isOver)',
        replace: '!isFinished(index) && (parents.length > 0 || parents.every(isOver))',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/running-mappings.test.ts`,
      test: 'children begin when their parents are finished, those of a merge when both are',
    },
  },
  {
    name: 'merge-after-one-parent',
    sentence: 'The child of a merge is begun when one of its parents is finished.',
    edits: [
      {
        file: `${poller}/running-mapping.ts`,
        find: '!isFinished(index) && parents.every(isOver)',
        replace: '!isFinished(index) && (parents.length === 0 || parents.some(isOver))',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/running-mappings.test.ts`,
      test: 'children begin when their parents are finished, those of a merge when both are',
    },
  },
  {
    name: 'bisect-loses-records',
    sentence: 'Of the second half of a batch that is cut only the last record is tried again.',
    edits: [
      {
        file: `${poller}/attempts.ts`,
        find: 'records.slice(middle)]',
        replace: 'records.slice(-1)]',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/failing-functions.test.ts`,
      test: 'bisecting finds the record that fails, in order, and spends no attempts',
    },
  },
  {
    name: 'window-state-lost',
    sentence: 'What a function answers as the state of a window is not handed on.',
    edits: [
      {
        file: `${poller}/lane.ts`,
        find: 'this.#window = { ...window, state };',
        replace: 'this.#window = { ...window };',
      },
    ],
    proof: properties,
  },
  {
    name: 'mark-of-another-lane',
    sentence: 'All lanes of a shard are committed as far as the one that is furthest.',
    edits: [
      {
        file: `${poller}/shard-lanes.ts`,
        find: 'marks: this.#lanes.map(({ mark }) => mark),',
        replace: 'marks: this.#lanes.map(() => Math.max(...this.#lanes.map(({ mark }) => mark))),',
      },
    ],
    proof: properties,
  },
  {
    name: 'passed-without-a-failure',
    sentence: 'The cursor goes past records that were given up, and the failure is in no list.',
    edits: [
      {
        file: `${poller}/checkpoint.ts`,
        find: 'failures = [...this.#failures];',
        replace: 'failures = [];',
      },
    ],
    proof: properties,
  },
  {
    name: 'full-lane-skips-on',
    sentence: 'What a lane had no room for when it was read is never shown to it.',
    edits: [
      {
        file: `${poller}/shard-reader.ts`,
        find: 'this.#stoppedAt ?? reached',
        replace: 'reached',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/batches.test.ts`,
      test: 'lanes run side by side, one call each, and what fails holds up its own lane alone',
    },
  },
  {
    name: 'cursor-of-another-overwritten',
    sentence: 'A poller that has lost its shard to another one writes its own marks over those.',
    edits: [
      {
        file: `${poller}/checkpoint.ts`,
        find: 'return now === this.#known || isDeepStrictEqual(placeOf(now), placeOf(this.#known));',
        replace: 'return now !== null || isDeepStrictEqual(placeOf(now), placeOf(this.#known));',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/running-mappings.test.ts`,
      test: 'a cursor that another one has moved is left to that one, and gone on from',
    },
  },
  {
    name: 'highest-item-failure',
    sentence: 'Of several items that failed the last one is where the mapping goes on.',
    edits: [
      {
        file: `${poller}/function-answer.ts`,
        find: 'lowest ??= index',
        replace: 'lowest = index',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/failing-functions.test.ts`,
      test: 'the lowest item failure is where it goes on, and what is before it is committed',
    },
  },
];
