import { type Mutant, simulation } from './mutant.ts';

const durableFile = 'src/log/embedded/write/open-segment.ts';
const newFile = 'src/log/embedded/write/new-file.ts';
const openSegment = 'src/log/embedded/write/open-segment.ts';
const segmentWriter = 'src/log/embedded/write/segment-writer.ts';
const engine = 'src/log/embedded/engine-parts.ts';
const streamLog = 'src/log/embedded/write/stream-log.ts';
const recovery = 'src/log/embedded/recover/recovery.ts';
/** What becomes of a sync that failed. */
const theEnd = `await this.giveUp(\`\${what} could not be made durable\`, error);`;

/** Bugs in what is made durable, when, and what is said about it. */
export const disciplineMutants: readonly Mutant[] = [
  {
    name: 'no-sync',
    sentence: 'A round is written and never synced.',
    edits: [
      {
        file: durableFile,
        find: 'await engine.makeDurable(path, () => file.sync());',
        replace: '',
      },
    ],
    proof: simulation('lost', '4'),
  },
  {
    name: 'answer-before-sync',
    sentence: 'The answer goes out while the sync is still under way.',
    edits: [
      {
        file: durableFile,
        find: 'await engine.makeDurable(path, () => file.sync());',
        replace: 'void engine.makeDurable(path, () => file.sync());',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/failure.test.ts',
      test: 'a sync that fails ends the process: no answer, nothing to read, and no second attempt',
    },
  },
  {
    name: 'no-directory-sync',
    sentence: "A new segment's name is not made durable.",
    edits: [
      {
        file: openSegment,
        find: 'await engine.makeDurable(directory, () => disk.syncDirectory(directory));',
        replace: '',
      },
    ],
    proof: simulation('lost', '3'),
  },
  {
    name: 'name-before-content',
    sentence: 'A new segment gets its name before its content is durable.',
    edits: [{ file: newFile, find: 'await engine.makeDurable(path, () => file.sync());', replace: '' }],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/crash.test.ts',
      test: 'whatever call the power goes at, everything acknowledged is there afterwards and nothing is invented',
    },
  },
  {
    name: 'sync-again',
    sentence: 'A sync that failed is tried again, and believed.',
    edits: [
      {
        file: engine,
        find: theEnd,
        replace:
          'if (!(error as { errno?: number }).errno) throw error; return this.makeDurable(what, work);',
      },
    ],
    proof: simulation('lost', '1/104/EIO'),
  },
  {
    name: 'failed-sync-forgiven',
    sentence: 'A sync that failed is noted and forgotten.',
    edits: [
      {
        file: engine,
        find: theEnd,
        replace: "this.env.logger.warn('a sync failed', { what, error: String(error) });",
      },
    ],
    proof: simulation('lost', '1/104/EIO'),
  },
  {
    name: 'failed-sync-refuses',
    sentence: 'After a sync that failed the request is refused, and the process goes on.',
    edits: [
      {
        file: engine,
        find: theEnd,
        replace: 'throw error;',
      },
    ],
    proof: simulation('aborted', '1/191/EIO'),
  },
  {
    name: 'failed-write-stays',
    sentence: 'What a failed write left behind is not taken back.',
    edits: [
      {
        file: durableFile,
        find: '() => cutOff(file, end)',
        replace: 'async () => {}',
      },
    ],
    proof: simulation('aborted', '1/192/EIO'),
  },
  {
    name: 'found-taken-for-durable',
    sentence: 'A start takes what the page cache shows for durable.',
    edits: [{ file: recovery, find: '  await settle(engine, last, directory);\n', replace: '' }],
    proof: simulation('lost', '2/352/EIO'),
  },
  {
    name: 'seen-before-durable',
    sentence: 'Readers are shown records whose sync is still under way.',
    edits: [
      {
        file: durableFile,
        find: 'await engine.makeDurable(path, () => file.sync());',
        replace: '(globalThis as any).syncing = engine.makeDurable(path, () => file.sync());',
      },
      {
        file: segmentWriter,
        find: 'await this.#file.write([header, footer, encodeTrailer(this.#end)], this.#end);',
        replace:
          'await this.#file.write([header, footer, encodeTrailer(this.#end)], this.#end); await (globalThis as any).syncing;',
      },
      {
        file: streamLog,
        find: '    this.#pending.settle(drafts);\n',
        replace:
          '    for (const { shard } of drafts) this.shard(shard).announce();\n' +
          '    await (globalThis as any).syncing;\n' +
          '    this.#pending.settle(drafts);\n',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/failure.test.ts',
      test: 'a sync that fails ends the process: no answer, nothing to read, and no second attempt',
    },
  },
  {
    name: 'removals-not-synced',
    sentence: 'Segments are removed without making one removal durable before the next.',
    edits: [
      {
        file: streamLog,
        find: '    await this.engine.syncDirectory(this.#directory);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/space.test.ts',
      test: 'the power may go while several segments are removed',
    },
  },
  {
    name: 'two-writers',
    sentence: 'A second server uses the data directory of the first.',
    edits: [
      {
        file: 'src/server/storage.ts',
        find: 'if (lock === undefined) throw',
        replace: 'if (lock === undefined && data === "never") throw',
      },
      {
        file: 'src/server/storage.ts',
        find: 'opened.defer(() => lock.release());',
        replace: 'opened.defer(async () => lock?.release());',
      },
      {
        file: 'src/server/storage.ts',
        find: 'graceMs: lock.isNew ?',
        replace: 'graceMs: lock?.isNew ?',
      },
    ],
    proof: simulation('two servers', '6'),
  },
];
