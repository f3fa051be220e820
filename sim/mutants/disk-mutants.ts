import type { Mutant } from './mutant.ts';

const ownershipTest = 'test/log/embedded/ownership.test.ts';
const endsTest = 'test/log/embedded/recover/ends.test.ts';

/** Bugs in how the world around the process is met: its disk, its lock, its port, its operator. */
export const diskMutants: readonly Mutant[] = [
  {
    name: 'errors-known-by-name',
    sentence:
      'What Node has no name for, such as a quota that is used up, is taken for a mistake of the program.',
    edits: [
      {
        file: 'src/env/disk.ts',
        find: "return typeof errno === 'number' && typeof syscall === 'string';",
        replace: "return /^E[A-Z0-9]+$/.test((error as NodeJS.ErrnoException).code ?? '');",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/failure.test.ts',
      test: 'a quota that is used up does not keep a log from being opened and read',
    },
  },
  {
    name: 'lock-believed-for-good',
    sentence: 'The lock is not looked at again once it was seen.',
    edits: [
      {
        file: 'src/log/embedded/ownership.ts',
        find: 'this.#clock.monotonic() - this.#lookedAt < certainMs',
        replace: 'this.#lookedAt > Number.NEGATIVE_INFINITY',
      },
    ],
    proof: {
      kind: 'test',
      file: ownershipTest,
      test: 'a log whose lock was taken away writes nothing a second later',
    },
  },
  {
    name: 'slow-sync-acknowledged',
    sentence: 'A round is acknowledged whose sync took so long that another server may have come.',
    edits: [
      {
        file: 'src/log/embedded/write/open-segment.ts',
        find: 'if (!ownership.isCertain) await engine.makeDurable(path, () => engine.requireOwnership());',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: ownershipTest,
      test: 'what is durable only long after the lock was seen last is not acknowledged without another look',
    },
  },
  {
    name: 'segment-over-another',
    sentence: 'A new segment takes the name of one that another server has made.',
    edits: [
      {
        file: 'src/log/embedded/write/open-segment.ts',
        find: 'await disk.renameToNew(',
        replace: 'await disk.rename(',
      },
    ],
    proof: {
      kind: 'test',
      file: ownershipTest,
      test: 'of two logs in one directory, whatever locks they believe in, neither writes over the segment of the other',
    },
  },
  {
    name: 'proper-end-not-remembered',
    sentence: 'What a log misses after a proper end passes for the torn end that a crash leaves.',
    edits: [
      {
        file: 'src/log/embedded/recover/recovery.ts',
        find: 'if (noted !== undefined) requireEnd(last.segment, directory, noted);',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: endsTest,
      test: 'after a proper end a last segment that misses any record is damaged, for a start and for verify, and is left as it is',
    },
  },
  {
    name: 'ends-of-the-idle-forgotten',
    sentence: 'The note of a proper end leaves out the streams that were not used.',
    edits: [
      {
        file: 'src/log/embedded/embedded-log.ts',
        find: 'new Map([...this.#noted].filter(([stream]) => !this.#outdated.has(stream)))',
        replace: 'new Map()',
      },
    ],
    proof: {
      kind: 'test',
      file: endsTest,
      test: 'the note of a stream stays while others are written and it is not opened',
    },
  },
  {
    name: 'damage-read-and-forgotten',
    sentence: 'A stream in which a read met damage takes records as before.',
    edits: [{ file: 'src/log/embedded/write/stream-log.ts', find: 'this.damage = error;', replace: '' }],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/damage.test.ts',
      test: 'a stream in which a read met damage is not written to and loses nothing more; what is sound is read, others go on',
    },
  },
  {
    name: 'port-not-claimed',
    sentence: 'Two servers that start at once share a port.',
    edits: [
      {
        file: 'src/http/shared-port.ts',
        find: 'claim.use(await claimPort(free.port, clock, port === 0 ? 0 : claimMsMax));',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/workers/real-threads.test.ts',
      test: 'while a server makes its threads listen on a port, another waits and then is refused',
    },
  },
  {
    name: 'health-without-asking',
    sentence: 'A worker says that all is well while the owner of the logs hangs.',
    edits: [
      {
        file: 'src/server/workers/worker.ts',
        find: '() => owner.health(clock)',
        replace: "async () => 'ok' as const",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/gateway/forwarding.test.ts',
      test: 'a worker says in /health whether the owner lives',
    },
  },
];
