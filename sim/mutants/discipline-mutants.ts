import type { Mutant } from './mutant.ts';

const writer = 'src/log/embedded/segment-writer.ts';
const engine = 'src/log/embedded/engine.ts';
const streamLog = 'src/log/embedded/stream-log.ts';
const recovery = 'src/log/embedded/recovery.ts';
/** What becomes of a sync that failed. */
const theEnd = `this.env.panic(\`\${what} could not be made durable\`, error);
      await new Promise(() => {});`;
const simulation = (breaks: string, seed = 1) => ({ kind: 'simulation', breaks, seed }) as const;

/** Bugs in what is made durable, when, and what is said about it. */
export const disciplineMutants: readonly Mutant[] = [
  {
    name: 'no-sync',
    sentence: 'A round is written and never synced.',
    seenIn: 'NATS JetStream, whose default synced every two minutes (Jepsen, NATS 2.12.1, 2025)',
    edits: [{ file: writer, find: 'await this.#engine.makeDurable(path, () => file.sync());', replace: '' }],
    proof: simulation('lost', 4),
  },
  {
    name: 'answer-before-sync',
    sentence: 'The answer goes out while the sync is still under way.',
    seenIn: 'Redis with appendfsync everysec, and everybody who measured without a power cut',
    edits: [
      {
        file: writer,
        find: 'await this.#engine.makeDurable(path, () => file.sync());',
        replace: 'void this.#engine.makeDurable(path, () => file.sync());',
      },
    ],
    proof: simulation('lost', 14),
  },
  {
    name: 'no-directory-sync',
    sentence: "A new segment's name is not made durable.",
    seenIn: 'LevelDB and ZooKeeper (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014)',
    edits: [
      {
        file: writer,
        find: 'await engine.makeDurable(directory, () => disk.syncDirectory(directory));',
        replace: '',
      },
    ],
    proof: simulation('lost', 4),
  },
  {
    name: 'name-before-content',
    sentence: 'A new segment gets its name before its content is durable.',
    seenIn: 'desktops on ext4 with empty files after a power cut (Ubuntu bug 317781, 2009)',
    edits: [{ file: writer, find: 'await engine.makeDurable(path, () => file.sync());', replace: '' }],
    proof: simulation('the server', 17),
  },
  {
    name: 'sync-again',
    sentence: 'A sync that failed is tried again, and believed.',
    seenIn: 'PostgreSQL until 2018 (fsyncgate)',
    edits: [
      {
        file: engine,
        find: theEnd,
        replace: 'if (!isRefusedBySystem(error)) throw error; return this.makeDurable(what, work);',
      },
    ],
    proof: simulation('lost', 28),
  },
  {
    name: 'failed-sync-forgiven',
    sentence: 'A sync that failed is noted and forgotten.',
    seenIn: 'SQLite, LevelDB and Redis in part (Rebello et al., USENIX ATC 2020)',
    edits: [
      {
        file: engine,
        find: theEnd,
        replace: "this.env.logger.warn('a sync failed', { what, error: String(error) });",
      },
    ],
    proof: simulation('lost', 28),
  },
  {
    name: 'failed-sync-refuses',
    sentence: 'After a sync that failed the request is refused, and the process goes on.',
    seenIn: 'etcd and others before they chose to end (Rebello et al., USENIX ATC 2020)',
    edits: [
      {
        file: engine,
        find: theEnd,
        replace: 'throw error;',
      },
    ],
    proof: simulation('aborted', 36),
  },
  {
    name: 'failed-write-stays',
    sentence: 'What a failed write left behind is not taken back.',
    seenIn: 'Redis, whose AOF kept half of a command when the disk was full',
    edits: [
      {
        file: writer,
        find: '() => cutOff(file, end)',
        replace: 'async () => {}',
      },
    ],
    proof: simulation('aborted', 150),
  },
  {
    name: 'found-taken-for-durable',
    sentence: 'A start takes what the page cache shows for durable.',
    seenIn: 'Millrace, seeds 1138 and 1200; PostgreSQL after a failed checkpoint',
    edits: [{ file: recovery, find: '  await settle(engine, last);\n', replace: '' }],
    proof: simulation('lost', 158),
  },
  {
    name: 'seen-before-durable',
    sentence: 'Readers are shown records whose sync is still under way.',
    seenIn: 'Redpanda 21.10.1 and Bufstream 0.1.0: reads of what was lost (Jepsen)',
    edits: [
      {
        file: writer,
        find: 'await this.#engine.makeDurable(path, () => file.sync());',
        replace: '(this as any).syncing = this.#engine.makeDurable(path, () => file.sync());',
      },
      {
        file: writer,
        find: 'await this.#commit([...headers, payload, encodeTrailer(this.segment.end)]);',
        replace:
          'await this.#commit([...headers, payload, encodeTrailer(this.segment.end)]); await (this as any).syncing;',
      },
      {
        file: streamLog,
        find: '    this.#answer(drafts);\n',
        replace:
          '    for (const { content } of drafts) this.shard(content.shard).admit(content);\n' +
          '    for (const { content } of drafts) this.shard(content.shard).announce();\n' +
          '    await (this.#writer as any).syncing;\n' +
          '    this.#answer(drafts);\n',
      },
      {
        file: streamLog,
        find: '    for (const { content } of drafts) this.shard(content.shard).admit(content);\n    for (const { content, writes } of drafts) {',
        replace: '    for (const { content, writes } of drafts) {',
      },
    ],
    proof: simulation('vanished', 52),
  },
  {
    name: 'removals-not-synced',
    sentence: 'Segments are removed without making one removal durable before the next.',
    seenIn: 'directory operations that file systems reorder (OSDI 2014, as above)',
    edits: [
      {
        file: streamLog,
        find: `      await this.engine.makeDurable(this.#directory, () =>
        this.engine.env.disk.syncDirectory(this.#directory),
      );
`,
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
    seenIn: 'Docker volumes shared by two containers; Redis and RocksDB refuse it since',
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
    ],
    proof: simulation('two servers', 7),
  },
];
