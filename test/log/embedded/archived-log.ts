import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf, numbered } from '../../../harness/shard-text.ts';
import { ArchiveStore } from '../../../src/log/embedded/archive/archive-store.ts';
import { Archiver } from '../../../src/log/embedded/archive/archiver.ts';
import type { EmbeddedEngine } from '../../../src/log/embedded/embedded-log.ts';
import type { EngineOptions } from '../../../src/log/embedded/engine-parts.ts';
import { FakeStore } from './fake-store.ts';
import { EngineOnFakeDisk, small } from './on-fake-disk.ts';

/** Records are old once an hour has passed. */
export const afterMs = 3_600_000;
export const place = { bucket: 'bucket', prefix: 'millrace/' };

export function archiving(store: FakeStore): Partial<EngineOptions> {
  return { ...small, archive: { store: new ArchiveStore({ store, place }), afterMs } };
}

/** One pass of what moves segments to the store: of the same archiver as long as an engine is open. */
export function archivePass(log: EmbeddedEngine): Promise<number> {
  const archiver = archivers.get(log) ?? new Archiver(log.parts);
  archivers.set(log, archiver);
  return archiver.pass(() => log.streams(), new AbortController().signal);
}

const archivers = new WeakMap<EmbeddedEngine, Archiver>();

/** An engine with an archive, and a stream of two shards in it. */
export class ArchivedLog {
  readonly engine: EngineOnFakeDisk;
  readonly store: FakeStore;
  log!: EmbeddedEngine;

  constructor(engine = new EngineOnFakeDisk(), store = new FakeStore()) {
    this.engine = engine;
    this.store = store;
  }

  async open(options: Partial<EngineOptions> = {}): Promise<this> {
    this.engine.disk.isHasty = true;
    this.log = await this.engine.open({ ...archiving(this.store), ...options });
    return this;
  }

  /** Closes it, and opens it as the next process would. */
  async reopen(options: Partial<EngineOptions> = {}): Promise<this> {
    await this.log.close();
    return this.open(options);
  }

  shard(shard: number, stream = 'stream'): OneShard {
    return new OneShard(this.log, { stream, shard });
  }

  /** Appends a record of each number to both shards, a second after each other. */
  async append(first: number, end: number, stream = 'stream'): Promise<void> {
    for (const text of numbered(first, end)) {
      this.engine.clock.time += 1_000;
      await Promise.all(
        [0, 1].map((shard) => this.shard(shard, stream).append(batchOf(text.padEnd(100, '.')))),
      );
    }
  }

  /** Lets all records become old, and archives what can be. */
  async archive(): Promise<number> {
    this.engine.clock.time += 2 * afterMs;
    return archivePass(this.log);
  }

  filesOf(stream = 'stream'): Promise<string[]> {
    return this.engine.disk.list(`logs/${stream}`);
  }
}

/** The texts that `append` wrote. */
export function textsFrom(first: number, end: number): string[] {
  return numbered(first, end).map((text) => text.padEnd(100, '.'));
}
