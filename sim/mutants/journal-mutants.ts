import type { Mutant } from './mutant.ts';

const journalTest = 'test/journal/journal.test.ts';

/**
 * Bugs in the journal: in the order of commits, in what a reader does not know, in how replicas keep step.
 */
export const journalMutants: readonly Mutant[] = [
  {
    name: 'commit-without-compare',
    sentence: 'A commit is applied whatever the version that it was decided on.',
    edits: [
      {
        file: 'src/journal/advance.ts',
        find: '} else if (!isAfterTrim && (isBehindGap || revision.after !== version)) continue;\n',
        replace: '}\n',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/journal/advance.test.ts',
      test: 'a commit counts only if it was decided on the version before it',
    },
  },
  {
    name: 'own-commit-without-compare',
    sentence: 'A writer takes its own commit for applied although another one came first.',
    edits: [
      {
        file: 'src/journal/replay.ts',
        find: 'const counts = after === this.state.version;',
        replace: 'const counts = after >= 0;',
      },
    ],
    proof: {
      kind: 'test',
      file: journalTest,
      test: 'a snapshot that another commit came before is not cut at',
    },
  },
  {
    name: 'commit-decided-twice',
    sentence: 'A commit is decided again when a snapshot took the place of its record.',
    edits: [
      {
        file: 'src/journal/outcomes.ts',
        find: '    if (!this.#hasSkipped) return false;\n',
        replace: '    if (this.#commits >= 0) return false;\n',
      },
    ],
    proof: {
      kind: 'test',
      file: journalTest,
      test: 'a commit that a snapshot took the place of before it was read back is not said to be lost, and not decided again',
    },
  },
  {
    name: 'snapshot-over-a-commit',
    sentence: 'A snapshot cuts off a commit that it does not have.',
    edits: [
      {
        file: 'src/journal/advance.ts',
        find: 'if (revision.version <= version) continue;',
        replace: 'if (revision.version <= version) {\n        whole = revision;\n        continue;\n      }',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/journal/advance.test.ts',
      test: 'a log may begin at a snapshot of the state as it was there, and not at a rewrite that lost',
    },
  },
  {
    name: 'barrier-that-reads-once',
    sentence: 'The current state is what was read at the start.',
    edits: [
      {
        file: 'src/journal/replay.ts',
        find: '    for (;;) {\n',
        replace: '    while (this.#next === 0) {\n',
      },
    ],
    proof: {
      kind: 'test',
      file: journalTest,
      test: 'what was committed anywhere before it is asked for is in the current state',
    },
  },
  {
    name: 'unknown-edit-passed-over',
    sentence: 'A reader passes over an edit that it does not know, and applies the rest.',
    edits: [
      {
        file: 'src/journal/revision.ts',
        find: '  if (unknown === undefined) {\n    return revisionOf(found);\n',
        replace:
          '  {\n    return revisionOf({ ...found, edits: found.edits.filter((edit) => isKnown(edit)) });\n',
      },
    ],
    proof: {
      kind: 'test',
      file: journalTest,
      test: 'an edit of a newer program stops a reader in a sentence: it applies nothing more, and writes nothing',
    },
  },
  {
    name: 'replica-does-not-wait',
    sentence: 'A replica shows what it has, whatever the owner has shown.',
    edits: [
      {
        file: 'src/gateway/replica-journal.ts',
        find: 'while ((this.#state.version | 0) !== Atomics.load(this.#published, 0)) {',
        replace: 'while (this.#state.version < 0) {',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/gateway/replica-journal.test.ts',
      test: 'a client that was told of a commit finds it at every replica at once',
    },
  },
  {
    name: 'version-published-late',
    sentence: 'The owner publishes a version only with the next one.',
    edits: [
      {
        file: 'src/gateway/journal-publisher.ts',
        find: 'Atomics.store(this.#published, 0, versionOf(revision));',
        replace: 'Atomics.store(this.#published, 0, versionOf(revision) - 1);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/gateway/replica-journal.test.ts',
      test: 'a client that was told of a commit finds it at every replica at once',
    },
  },
  {
    name: 'replica-out-of-order',
    sentence: 'A replica takes revisions in whatever order they come.',
    edits: [
      {
        file: 'src/gateway/replica-journal.ts',
        find: "    assert(applied.length === 1, 'revisions come in order, each once');\n    this.#state = state;",
        replace: '    this.#state = applied.length === 1 ? state : { ...state, version: state.version + 1 };',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/gateway/replica-journal.test.ts',
      test: 'a replica that misses a revision, or hears one twice, ends with it: it must never show what never was',
    },
  },
  {
    name: 'unsound-stream-applied',
    sentence: 'An edit that opens two shards for the same hash keys is applied.',
    edits: [
      {
        file: 'src/catalog/apply.ts',
        find: '    requireSound(stream, before);\n    const isChanged',
        replace: '    if (before === undefined) requireSound(stream);\n    const isChanged',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/catalog/soundness.test.ts',
      test: 'a decision that would make an unsound stream is refused alone, and none of its edits is kept',
    },
  },
];
