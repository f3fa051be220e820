import type { Mutant } from './mutant.ts';

const upload = 'src/log/embedded/archive/upload.ts';
const archiver = 'src/log/embedded/archive/archiver.ts';
const streamLog = 'src/log/embedded/write/stream-log.ts';
const read = 'src/log/embedded/read/read.ts';
const archiveTest = 'test/log/embedded/archive.test.ts';
const crashTest = 'test/log/embedded/archive-crash.test.ts';

/** Bugs in the archive of old segments. */
export const deliveryArchiveMutants: readonly Mutant[] = [
  {
    name: 'upload-is-believed',
    sentence: 'A segment leaves the disk once the store said that it has it, without being read back.',
    edits: [
      {
        file: upload,
        find: '  if (found !== crc) throw notStored(store, name);',
        replace: '  if (found === -1) throw notStored(store, name);',
      },
    ],
    proof: {
      kind: 'test',
      file: archiveTest,
      test: 'a store that keeps other bytes than it was given archives nothing',
    },
  },
  {
    name: 'rot-is-archived',
    sentence: 'A segment goes to the archive as its file is, damaged or not.',
    edits: [
      {
        file: upload,
        find: '  const [wrong] = findings;',
        replace: '  const [wrong] = findings.slice(findings.length);',
      },
    ],
    proof: {
      kind: 'test',
      file: archiveTest,
      test: 'a segment that is damaged on the disk is reported and stays there',
    },
  },
  {
    name: 'forgotten-without-a-note',
    sentence: 'What was to be removed from the archive when the process ended stays there.',
    edits: [
      {
        file: archiver,
        find: 'if ((segmentNamed(name)?.number ?? oldest) >= oldest) break;',
        replace: 'if ((segmentNamed(name)?.number ?? oldest) >= 0) break;',
      },
    ],
    proof: {
      kind: 'test',
      file: crashTest,
      test: 'whatever becomes of a call of the store, nothing is lost and nothing is left in it',
    },
  },
  {
    name: 'removed-before-it-is-noted',
    sentence: "A segment's file goes before it is noted that the segment is archived.",
    edits: [
      {
        file: streamLog,
        find: '    await this.note.add(entry);\n',
        replace: '    await this.#removeFile(segment);\n    await this.note.add(entry);\n',
      },
      {
        file: streamLog,
        find: '    await this.#letGo(segment);\n    await this.#removeFile(segment);\n',
        replace: '    await this.#letGo(segment);\n',
      },
    ],
    proof: {
      kind: 'test',
      file: crashTest,
      test: 'whatever call of the disk the power goes at, nothing is lost and nothing is left in the store',
    },
  },
  {
    name: 'archive-harms-the-tip',
    sentence: 'A stream takes no more records once the store has answered with other bytes.',
    edits: [
      {
        file: read,
        find: '!(error instanceof DamagedError) || !engine.archived.has(path)',
        replace: '!(error instanceof DamagedError) || path.length > 0',
      },
    ],
    proof: {
      kind: 'test',
      file: archiveTest,
      test: 'what the store has changed is not read, and the stream takes records',
    },
  },
  {
    name: 'copy-of-a-directory-archives-on',
    sentence: 'A server does not look whether another copy of its directory has taken the archive.',
    edits: [
      {
        file: 'src/log/embedded/archive/archive-owner.ts',
        find: 'if (found?.etag !== this.#etag) throw this.#refusal();',
        replace: 'if (found === undefined) throw this.#refusal();',
      },
    ],
    proof: {
      kind: 'test',
      file: archiveTest,
      test: 'of two copies of a data directory the one that starts later has the archive',
    },
  },
  {
    name: 'disk-waits-for-the-store',
    sentence: 'Reads of the archive take the places of reads of the disk.',
    edits: [
      {
        file: 'src/log/embedded/read/block-cache.ts',
        find: 'this.#files.isArchived(segment.path) ? this.#archivedReads : this.#reads',
        replace: 'this.#files.isArchived(segment.path) ? this.#reads : this.#reads',
      },
    ],
    proof: { kind: 'test', file: archiveTest, test: 'a reader of the disk does not wait for the store' },
  },
  {
    name: 'restored-shards-go-on',
    sentence: 'Shards of a restored directory go on, with sequence numbers that were given before.',
    edits: [
      {
        file: 'src/cli/restore/restore.ts',
        find: 'isUncertain: () => true',
        replace: 'isUncertain: () => false',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/archive.test.ts',
      test: 'no shard of a restored directory goes on from where it may have been',
    },
  },
];
