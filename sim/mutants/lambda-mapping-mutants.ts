import type { Mutant } from './mutant.ts';

const mappingTests = 'test/services/lambda/mappings.test.ts';
const failureTests = 'test/services/lambda/mapping-failures.test.ts';
const sourceTests = 'test/services/lambda/mappings/mapping-sources.test.ts';
const cursorTests = 'test/services/lambda/mappings/start-cursors.test.ts';

/** Bugs in where mappings begin, which streams they read, what they are on the way to, and in redriving. */
export const lambdaMappingMutants: readonly Mutant[] = [
  {
    name: 'mapping-latest-begins-late',
    sentence: 'A mapping at LATEST is committed alone, and begins where its poller finds the ends of shards.',
    edits: [
      {
        file: 'src/services/lambda/operations/create-event-source-mapping.ts',
        find: 'value: mapping }, ...cursors];',
        replace: 'value: mapping }];',
      },
    ],
    proof: {
      kind: 'test',
      file: mappingTests,
      test: 'at LATEST the end of each shard is committed together with the mapping',
    },
  },
  {
    name: 'mapping-latest-skips-children',
    sentence: 'A shard that came after a mapping at LATEST is read from where it is, not from its beginning.',
    edits: [
      {
        file: 'src/services/lambda/mappings/start-cursors.ts',
        find: "start.kind === 'AT_TIMESTAMP' ? Math.max(start.at, horizon) : horizon",
        replace:
          "start.kind === 'TRIM_HORIZON' ? horizon : start.kind === 'LATEST' ? now : Math.max(start.at, horizon)",
      },
    ],
    proof: {
      kind: 'test',
      file: cursorTests,
      test: 'a shard that came after a mapping at LATEST is read from its beginning',
    },
  },
  {
    name: 'mapping-closed-shard-unfinished',
    sentence:
      'A closed shard of which a new mapping wants nothing is never finished, nor are its children begun.',
    edits: [
      {
        file: 'src/services/lambda/mappings/start-cursors.ts',
        find: 'first >= shard.closed.end',
        replace: 'first > shard.closed.end',
      },
    ],
    proof: {
      kind: 'test',
      file: cursorTests,
      test: 'a closed shard of which nothing is wanted is finished, so that its children begin',
    },
  },
  {
    name: 'mapping-update-enables',
    sentence: 'A mapping that is disabled runs again after any change of a setting.',
    edits: [
      {
        file: 'src/services/lambda/mappings/mapping-state.ts',
        find: "state: mapping.isEnabled ? 'Enabled' : 'Disabled'",
        replace: "state: mapping.isEnabled || mapping.state === 'Updating' ? 'Enabled' : 'Disabled'",
      },
    ],
    proof: {
      kind: 'test',
      file: mappingTests,
      test: 'a mapping passes through its states, and is refused changes meanwhile',
    },
  },
  {
    name: 'mapping-reads-by-policy-alone',
    sentence: 'A consumer is subscribed to by a role that may only describe the stream.',
    edits: [
      {
        file: 'src/services/lambda/mappings/mapping-sources.ts',
        find: 'if (describes && reads) return;',
        replace: 'if (describes && (reads || consumer !== undefined)) return;',
      },
    ],
    proof: {
      kind: 'test',
      file: sourceTests,
      test: 'a consumer is subscribed to by a role that may do that, and describe its stream',
    },
  },
  {
    name: 'redrive-marks-before-answer',
    sentence: 'What was given up counts as redriven before the function has answered.',
    edits: [
      {
        file: 'src/services/lambda/mappings/redrive.ts',
        find: "if (error !== undefined) return { number, outcome: 'Failed', error };",
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: failureTests,
      test: 'what is redriven is invoked again with its event, and waits on until it succeeds',
    },
  },
];
