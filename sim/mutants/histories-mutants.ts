import { type Mutant, simulation } from './mutant.ts';

/** Bugs that histories of leases and counters show, or that they led to. */
export const historiesMutants: readonly Mutant[] = [
  {
    name: 'condition-on-the-state-before',
    sentence: 'A condition is decided on what was before the round, so two of one round win.',
    edits: [
      {
        file: 'src/journal/round.ts',
        find: 'decided = request.decide(draft.state);',
        replace: 'decided = request.decide(state);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/dynamodb/histories.test.ts',
      test: 'of workers that ask for one lease at once one has it, and what all of them were told makes sense',
    },
  },
  {
    name: 'half-of-a-commit-is-written',
    sentence: 'Of the edits of one commit the log has the first only: a crash halves a transaction.',
    edits: [
      {
        file: 'src/journal/round.ts',
        find: 'edits.push(...decided);',
        replace: 'edits.push(...decided.slice(0, 1));',
      },
    ],
    proof: simulation('half', '2'),
  },
  {
    name: 'answered-before-it-is-written',
    sentence: 'A commit is answered when it is decided, before it is durable.',
    edits: [
      {
        file: 'src/journal/journal.ts',
        find: 'const again = refused.map(({ request }) => request);',
        replace:
          'const again = refused.map(({ request }) => request); for (const { resolve } of accepted) resolve(this.state);',
      },
    ],
    proof: simulation('not', '76'),
  },
  {
    name: 'refused-before-it-is-durable',
    sentence: 'A refusal shows what its round decided, before that is durable.',
    edits: [
      {
        file: 'src/journal/round.ts',
        find: 'if (edits.length === 0) request.reject(error);',
        replace: 'if (edits.length >= 0) request.reject(error);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/journal/journal.test.ts',
      test: 'a commit that is refused for what another of its round decided is told once that is durable',
    },
  },
  {
    name: 'found-name-taken-for-durable',
    sentence: 'A segment that a killed process had just made is finished before its name is durable.',
    edits: [
      {
        file: 'src/log/embedded/recover/recovery.ts',
        find: 'if (!isFinished) await engine.syncDirectory(directory)',
        replace: 'if (isFinished) await engine.syncDirectory(directory)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/recover/ends.test.ts',
      test: 'what is noted at a proper end is durable, also of a segment that a killed process had just made',
    },
  },
];
