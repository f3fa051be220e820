import { type Mutant, simulation } from './mutant.ts';

const poller = 'src/services/lambda/poller';
const mappings = 'src/services/lambda/mappings';

/**
 * Bugs in mappings as a whole server runs them, over crashes, power cuts and full disks: its own Runtime API,
 * processes and journal are between a record and what the worlds' ledger says of it.
 */
export const lambdaWorldMutants: readonly Mutant[] = [
  {
    name: 'mapping-retried-for-ever',
    sentence: 'A call that failed does not count, and a batch is tried again without end.',
    edits: [
      {
        file: `${poller}/attempts.ts`,
        find: 'const attempts = firstFailed > 0 ? 1 : before + 1;',
        replace: 'const attempts = firstFailed > 0 ? 1 : before;',
      },
    ],
    proof: simulation('endless', '61'),
  },
  {
    name: 'mapping-gives-up-early',
    sentence: 'A batch is given up a try before all of its retries are used up.',
    edits: [
      {
        file: `${poller}/attempts.ts`,
        find: 'retries !== -1 && attempts > retries',
        replace: 'retries !== -1 && attempts >= retries',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/lambda/poller/failing-functions.test.ts',
      test: 'a batch that fails is tried again as often as asked for, then kept, sent and passed',
    },
  },
  {
    name: 'function-error-is-an-answer',
    sentence: 'A function that has thrown, ended or never answered counts as one that has done its records.',
    edits: [
      {
        file: `${poller}/function-caller.ts`,
        find: 'if (outcome.functionError !== undefined) {',
        replace: 'if (outcome.functionError !== undefined && records.length === 0) {',
      },
    ],
    proof: simulation('skipped', '15'),
  },
  {
    name: 'batch-of-one-too-many',
    sentence: 'A batch may have a record more than was asked for.',
    edits: [
      {
        file: `${poller}/lane-queue.ts`,
        find: 'if (count >= batchSize) return',
        replace: 'if (count > batchSize) return',
      },
    ],
    proof: simulation('oversized', '41'),
  },
  {
    name: 'window-is-not-durable',
    sentence: 'The state of a window is not in the commit that has its records done, and a crash loses it.',
    edits: [
      {
        file: `${poller}/checkpoint.ts`,
        find: 'return { marks, isFinished, windows, result: this.#result };',
        replace: 'return { marks, isFinished, windows: windows && {}, result: this.#result };',
      },
    ],
    proof: simulation('window', '61'),
  },
  {
    name: 'timestamp-is-the-horizon',
    sentence: 'A mapping that is to begin at a time begins with the oldest record there is.',
    edits: [
      {
        file: `${mappings}/start-cursors.ts`,
        find: "start.kind === 'AT_TIMESTAMP' ? Math.max(start.at, horizon) : horizon",
        replace: 'horizon',
      },
    ],
    proof: simulation('early', '98'),
  },
  {
    name: 'disabled-mapping-polls-on',
    sentence: 'A mapping that is disabled goes on calling its function.',
    edits: [
      {
        file: `${mappings}/mapping-state.ts`,
        find: "return state === 'Enabled' || (state === 'Updating' && isEnabled);",
        replace: "return state !== 'Creating' && state !== 'Deleting';",
      },
    ],
    proof: simulation('restless', '64'),
  },
  {
    name: 'new-lanes-do-not-wait',
    sentence: 'Where a mapping has another number of lanes, all begin where the first of the old ones was.',
    edits: [
      {
        file: `${poller}/shard-poller.ts`,
        find: 'if (marks.some((mark) => mark < until) || Object.keys(windows).length > 0) return',
        replace: 'if (Object.keys(windows).length > 0) return',
      },
    ],
    proof: simulation('skipped', '88'),
  },
  {
    name: 'failure-without-its-last-record',
    sentence: 'Of several records that are given up together the last one is not kept.',
    edits: [
      {
        file: `${poller}/giving-up.ts`,
        find: 'this.#world.failures.keep(mapping.uuid, this.#kept(piece))',
        replace:
          'this.#world.failures.keep(mapping.uuid, this.#kept(piece).slice(0, Math.max(1, piece.records.length - 1)))',
      },
    ],
    proof: simulation('skipped', '49'),
  },
  {
    name: 'age-in-milliseconds',
    sentence: 'The age that records may have is taken for milliseconds.',
    edits: [
      {
        file: `${poller}/lane.ts`,
        find: 'this.#host.clock.now() - maximumAgeSeconds * 1000)',
        replace: 'this.#host.clock.now() - maximumAgeSeconds)',
      },
    ],
    proof: simulation('given up', '49'),
  },
];
