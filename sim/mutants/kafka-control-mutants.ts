import type { Mutant } from './mutant.ts';

const severalWriters = 'test/journal/several-writers.test.ts';
const engineTest = 'test/log/kafka/topic-engine.test.ts';

/**
 * Bugs in what several gateways have together: journals of many writers, their topics, what is told
 * elsewhere.
 */
export const kafkaControlMutants: readonly Mutant[] = [
  {
    name: 'unanswered-commit-said-lost',
    sentence: 'A commit whose append was not answered is said not to have been made.',
    edits: [
      {
        file: 'src/journal/journal.ts',
        find: '(attempt === 0 && !(error instanceof UnavailableError))',
        replace: 'error instanceof UnavailableError',
      },
    ],
    proof: {
      kind: 'test',
      file: severalWriters,
      test: 'several writers of the counter whose appends get lost, or come late, are told no lie',
    },
  },
  {
    name: 'unanswered-commit-without-name',
    sentence:
      'A commit that was written twice, because nobody answered, is only looked for at its second place.',
    edits: [
      {
        file: 'src/journal/journal.ts',
        find: 'made ?? (await this.#readBack(id ?? written.first))',
        replace: 'made ?? (await this.#readBack(written.first))',
      },
    ],
    proof: {
      kind: 'test',
      file: severalWriters,
      test: 'several writers of the counter whose appends get lost, or come late, are told no lie',
    },
  },
  {
    name: 'lost-rewrite-trimmed-at',
    sentence: 'A log is trimmed at a rewrite that another commit came before.',
    edits: [
      {
        file: 'src/journal/advance.ts',
        find: 'if (isRewrite(revision) && (isBehindGap || revision.after < version)) continue;',
        replace: '',
      },
      {
        file: 'src/journal/advance.ts',
        find: 'if (!isRewrite(revision) && revision.version === version && !isBehindGap) whole',
        replace: 'if (revision.version === version && !isBehindGap) whole',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/journal/advance.test.ts',
      test: 'a log may begin at a snapshot of the state as it was there, and not at a rewrite that lost',
    },
  },
  {
    name: 'trim-under-slow-readers',
    sentence:
      'Where several write, the past of a log goes before slow readers know what became of their commits.',
    edits: [
      {
        file: 'src/journal/late-trim.ts',
        find: 'if (this.#log.writer === undefined)',
        replace: 'if (before >= 0)',
      },
    ],
    proof: {
      kind: 'test',
      file: severalWriters,
      test: 'several writers of the counter end equal, and each knows what became of its commits',
    },
  },
  {
    name: 'read-under-way-counts',
    sentence: 'Who asks for what is current is answered by a read that began before the question.',
    edits: [
      {
        file: 'src/journal/shared-reads.ts',
        find: '    if (this.#underWay === undefined) return this.#begin();\n',
        replace:
          '    if (this.#underWay === undefined) return this.#begin();\n    if (this.#following === undefined) return this.#underWay;\n',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/journal/follow.test.ts',
      test: 'many who ask for what is current share a read, and one that was under way counts for none of them',
    },
  },
  {
    name: 'unknown-edit-followed-past',
    sentence: 'A gateway that cannot understand an edit of another one goes on.',
    edits: [
      {
        file: 'src/journal/follow.ts',
        find: 'panic(`the journal',
        replace: '((..._told: unknown[]) => {})(`the journal',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/journal/follow.test.ts',
      test: 'an edit of a kind that is not known ends the process, and nothing after it is applied',
    },
  },
  {
    name: 'chunks-under-way-forgotten',
    sentence: 'Chunks are forgotten whose record is about to be written.',
    edits: [
      {
        file: 'src/log/kafka/chunks.ts',
        find: 'Math.min(end, young, ',
        replace: 'Math.min(end, end + young, ',
      },
    ],
    proof: {
      kind: 'test',
      file: engineTest,
      test: 'chunks that nothing names any more go once they are old, those of a crash too, and no younger ones',
    },
  },
  {
    name: 'chunks-unverified',
    sentence: 'Chunks are put together without looking whether they are what was written.',
    edits: [
      {
        file: 'src/log/kafka/chunks.ts',
        find: "whole.length === bytes && hash('sha256', whole) === sha256",
        replace: 'whole.length > 0 || bytes > 0 || sha256.length > 0',
      },
    ],
    proof: {
      kind: 'test',
      file: engineTest,
      test: 'a chunk that is missing, or is not what was written, is damage',
    },
  },
  {
    name: 'large-batch-overtaken',
    sentence: 'A small batch overtakes the large one that was appended before it.',
    edits: [
      {
        file: 'src/log/kafka/topic-log.ts',
        find: 'if (!isLarge && this.#turn === undefined) return',
        replace: 'if (!isLarge) return',
      },
    ],
    proof: {
      kind: 'test',
      file: engineTest,
      test: 'a batch too large for a topic is in chunks elsewhere, keeps its place, and is read whole',
    },
  },
  {
    name: 'weak-topic-written-to',
    sentence: 'A topic that was weakened while the server runs is written to all the same.',
    edits: [
      { file: 'src/log/kafka/topic-guard.ts', find: '    this.#weak.set(topic, weakness);\n', replace: '' },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/kafka/topic-guard.test.ts',
      test: 'a topic that is weakened later is logged as an error, takes no writes, and does when it is right again',
    },
  },
  {
    name: 'refused-by-what-was',
    sentence: 'A stream that another gateway has just created is said not to be there.',
    edits: [
      {
        file: 'src/rpc/carry-out.ts',
        find: 'if (isTriedFirst && mayBeStale(error))',
        replace: 'if (isTriedFirst && !mayBeStale(error))',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/freshness.test.ts',
      test: 'records are put without asking anyone, but before a stream is said not to be there',
    },
  },
  {
    name: 'described-as-it-was',
    sentence: 'An operation of the control plane is carried out on what this gateway happens to know.',
    edits: [
      {
        file: 'src/rpc/dispatch.ts',
        find: '    await freshness.current(body.length);\n    const known = identify(',
        replace: '    const known = identify(',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/freshness.test.ts',
      test: 'an operation of the control plane is carried out on what was true anywhere when it was asked',
    },
  },
  {
    name: 'barrier-by-hearsay',
    sentence: 'What is current is read up to where the log ended a second ago.',
    edits: [
      {
        file: 'src/log/kafka/topic-log.ts',
        find: "const bounds = await this.#client.bounds(this.#at, 'now');\n      const sought",
        replace: 'const bounds = await this.#client.bounds(this.#at);\n      const sought',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/sim/several-gateways.test.ts',
      test: 'what one gateway has answered is true at every other one, at once: 1 workers',
    },
  },
];
