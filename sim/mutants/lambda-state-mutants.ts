import type { Mutant } from './mutant.ts';

const factsTest = 'test/journal/facts.test.ts';
const codeTest = 'test/services/lambda/code/code-store.test.ts';
const zipTest = 'test/services/lambda/code/zip.test.ts';
const map = 'facts are what a map would have, in drafts and after every start, however the log was trimmed';

/** Bugs in what Lambda keeps: facts, cursors, zips and the records that mappings gave up. */
export const lambdaStateMutants: readonly Mutant[] = [
  {
    name: 'facts-trimmed-away',
    sentence: 'A log of facts is trimmed past the oldest fact.',
    edits: [
      {
        file: 'src/journal/held-facts.ts',
        find: 'return this.#byAge.oldest?.said;',
        replace: 'return undefined;',
      },
    ],
    proof: { kind: 'test', file: factsTest, test: map },
  },
  {
    name: 'facts-undead-in-drafts',
    sentence: 'What a commit has forgotten is there for those that share its round.',
    edits: [
      {
        file: 'src/journal/drafted-facts.ts',
        find: "return drafted.kind === 'said' ? (drafted.value as Kinds[Kind]) : undefined;",
        replace:
          "return drafted.kind === 'said' ? (drafted.value as Kinds[Kind]) : this.#below.get(kind, key);",
      },
      {
        file: 'src/journal/drafted-facts.ts',
        find: 'else if (!drafted.has(entry[0])) yield entry;',
        replace: 'else yield entry;',
      },
    ],
    proof: { kind: 'test', file: factsTest, test: map },
  },
  {
    name: 'cursor-goes-back',
    sentence: 'A cursor may go back to what a mapping has done.',
    edits: [
      {
        file: 'src/services/lambda/state/lambda-machine.ts',
        find: "  assert(!marks.some(isBack), 'marks do not go back');\n",
        replace: '  if (marks.some(isBack)) return;\n',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/lambda/state/lambda-journal.test.ts',
      test: 'a cursor is of a mapping, and no mark of it goes back',
    },
  },
  {
    name: 'code-swept-while-needed',
    sentence: 'A zip is forgotten an hour after it was put, although a function has it.',
    edits: [
      {
        file: 'src/services/lambda/code/stored-code.ts',
        find: 'at < before && !(isWhole && needed.has(hashIn(key)));',
        replace: 'at < before && needed.size >= 0 && (isWhole || !isWhole);',
      },
    ],
    proof: {
      kind: 'test',
      file: codeTest,
      test: 'a put that was cut off leaves nothing that is taken for a zip, and is put again',
    },
  },
  {
    name: 'code-not-verified',
    sentence: 'Code that is not what was put is handed out.',
    edits: [
      {
        file: 'src/services/lambda/code/code-log.ts',
        find: "if (length === zip.length && hash.digest('hex') === expected.sha256) return zip;",
        replace: 'if (length >= zip.length) return zip;',
      },
    ],
    proof: {
      kind: 'test',
      file: codeTest,
      test: 'a zip that is not what was put is damage, and to put it again mends it',
    },
  },
  {
    name: 'zip-link-leads-out',
    sentence: 'A link in a zip may lead out of it, to wherever that is.',
    edits: [
      {
        file: 'src/services/lambda/code/file-tree.ts',
        find: "      if (part === '..' && parts.length === 0) throw new UnfitTreeError('misplaced');\n",
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: zipTest,
      test: 'a link within the zip is what it leads to, and one that leads out is refused',
    },
  },
  {
    name: 'zip-links-for-nothing',
    sentence: 'What links in a zip lead to is not counted.',
    edits: [
      {
        file: 'src/services/lambda/code/file-tree.ts',
        find: '      left -= file?.length ?? 0;\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: zipTest,
      test: 'more bytes than a function may have are refused, whatever the zip says of them',
    },
  },
  {
    name: 'failures-mixed-up',
    sentence: 'Records that two mappings gave up at the same time are read as one.',
    edits: [
      {
        file: 'src/services/lambda/failures/logged-failures.ts',
        find: '        if (piece.id !== id) continue;\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/lambda/failures/failure-store.test.ts',
      test: 'records that a mapping gave up are read as they were, large ones and many at once',
    },
  },
];
