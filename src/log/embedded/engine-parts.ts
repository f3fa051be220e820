import { strict as assert } from 'node:assert';
import type { Millis } from '../../env/clock.ts';
import { type DiskLock, isRefusedBySystem, SyncError } from '../../env/disk.ts';
import type { Env } from '../../env/env.ts';
import type { LogFields } from '../../env/logger.ts';
import type { ArchiveOptions, ArchiveStore } from './archive/archive-store.ts';
import { ArchivedFiles } from './archive/archived-files.ts';
import { Ownership } from './ownership.ts';
import { BlockCache } from './read/block-cache.ts';
import { FooterCache } from './read/footer-cache.ts';
import { OpenFiles } from './read/open-files.ts';
import { Tail } from './read/tail.ts';
import { DiskReserve } from './write/disk-reserve.ts';

/** The part of the outside world that the engine touches. */
export type EngineEnv = Pick<Env, 'clock' | 'disk' | 'random' | 'logger' | 'panic'>;

export type EngineOptions = {
  /** A segment that reaches this size is finished, and another begun. */
  readonly segmentBytes: number;
  /** Batches of a shard that meet in a round share a frame up to this size. */
  readonly frameBytesMax: number;
  /** A round takes no more than this, unless a single batch is larger. */
  readonly roundBytesMax: number;
  /** More than this does not wait to be written, over all streams. */
  readonly waitingBytesMax: number;
  /** Two index entries of a shard are at least this far apart. */
  readonly indexStepBytes: number;
  /** Index entries of finished segments that memory keeps. */
  readonly indexEntriesMax: number;
  readonly openFilesMax: number;
  /** Memory that the newest batches may keep, over all streams. */
  readonly tailBytesMax: number;
  /** The last bytes of the disk, to which no records are written; its last eighth when that is less. */
  readonly reserveBytes: number;
  /** Finished segments are read in blocks of no more than this size, unless a frame is larger. */
  readonly blockBytes: number;
  /** Memory that blocks may keep, over all streams. */
  readonly blockCacheBytesMax: number;
  /** Must be held while anything is written; undefined when no other process can come. */
  readonly lock: DiskLock | undefined;
  /** How long to wait before reading or writing a log that is there already. */
  readonly graceMs: Millis;
  /** Where old segments go; undefined when all stay. */
  readonly archive: ArchiveOptions | undefined;
};

/** What the name of a stream's directory ends with when the stream is gone. */
export const droppedSuffix = '.dropped';

const mebibyte = 1024 * 1024;

export const defaultOptions: EngineOptions = {
  segmentBytes: 64 * mebibyte,
  frameBytesMax: mebibyte,
  roundBytesMax: 16 * mebibyte,
  waitingBytesMax: 256 * mebibyte,
  indexStepBytes: 128 * 1024,
  indexEntriesMax: 500_000,
  openFilesMax: 128,
  tailBytesMax: 32 * mebibyte,
  reserveBytes: 64 * mebibyte,
  blockBytes: mebibyte,
  blockCacheBytesMax: 64 * mebibyte,
  lock: undefined,
  graceMs: 0,
  archive: undefined,
};

/** What all streams of one engine share: what they write with, and what they keep in memory. */
export class EngineParts {
  readonly env: EngineEnv;
  readonly directory: string;
  readonly options: EngineOptions;
  readonly store: ArchiveStore | undefined;
  readonly archived: ArchivedFiles;
  readonly files: OpenFiles;
  readonly footers: FooterCache;
  readonly blocks: BlockCache;
  readonly reserve: DiskReserve;
  readonly tail: Tail;
  readonly ownership: Ownership;
  /** Bytes of batches that were handed in and are not durable yet. */
  waitingBytes = 0;

  constructor(env: EngineEnv, directory: string, options: EngineOptions) {
    assert(options.segmentBytes > 0);
    this.env = env;
    this.directory = directory;
    this.options = options;
    this.store = options.archive?.store;
    this.archived = new ArchivedFiles(env.clock, this.store);
    this.files = new OpenFiles(env.disk, options.openFilesMax, this.archived);
    this.footers = new FooterCache(this.files, options.indexEntriesMax, options.blockBytes);
    this.reserve = new DiskReserve(env.disk, env.clock, options.reserveBytes);
    this.blocks = new BlockCache(this.files, options.blockCacheBytesMax, options.blockBytes);
    this.tail = new Tail(options.tailBytesMax);
    this.ownership = new Ownership(options.lock, env.clock);
  }

  /**
   * Goes on only while the directory is this server's, as it was seen now, or a moment ago. Otherwise the
   * process ends.
   */
  async requireOwnership(when: 'now' | 'a moment ago' = 'a moment ago'): Promise<void> {
    if (when === 'a moment ago' && this.ownership.isCertain) return;
    if (await this.ownership.look()) return;
    await this.giveUp('The lock of the data directory was taken away: another server may write to it');
  }

  /** Ends the process, and never resolves. */
  async giveUp(reason: string, cause?: unknown): Promise<never> {
    this.env.panic(reason, cause);
    return new Promise(() => {});
  }

  /**
   * Does what makes something durable. After a failure it is unknown what the disk holds, and a second
   * attempt may report success although it failed (Rebello et al., "Can Applications Recover from fsync
   * Failures?", USENIX ATC 2020): the process ends, and callers never get an answer.
   */
  async makeDurable(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.giveUp(`${what} could not be made durable`, error);
    }
  }

  /** Makes the names in a directory durable, as above. */
  syncDirectory(path: string): Promise<void> {
    return this.makeDurable(path, () => this.env.disk.syncDirectory(path));
  }

  /** Does what may be left undone: when the system refuses it, that is logged. */
  async attempt(work: () => Promise<void>, warning: string, fields: LogFields): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isRefusedBySystem(error)) throw error;
      this.env.logger.warn(warning, { ...fields, error: error.message });
    }
  }

  /** Makes a directory, and ends the process when it was made and is not durable. */
  async makeDirectory(path: string): Promise<void> {
    try {
      await this.env.disk.createDirectory(path);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      await this.makeDurable(path, () => Promise.reject(error));
    }
  }
}
