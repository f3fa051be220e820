import { dirname } from 'node:path/posix';
import type { Bounded } from '../../env/bounded.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import { type Disk, isSystemError, readWith, removeIfThere } from '../../env/disk.ts';
import {
  type ObjectPlace,
  ObjectStoreError,
  type PutHow,
  type StoredObject,
} from '../../env/object-store.ts';
import type { Random } from '../../env/random.ts';
import { etagOfBytes, etagOfFile } from './etag.ts';
import { pathOf, unfinishedFolder } from './file-names.ts';
import type { FileTurns } from './file-turns.ts';
import { requireBucket, whereThere } from './where-there.ts';

export type FilePutParts = {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly turns: FileTurns;
  readonly folders: Bounded<string, boolean>;
};

/**
 * An object on its way into its folder, in as many attempts as it takes. What an attempt has reached is kept:
 * an object that got its name, and then could not be made durable, is put again in its own place only.
 */
export class FilePut {
  readonly #parts: FilePutParts;
  readonly #bucket: string;
  readonly #path: string;
  readonly #bytes: readonly Uint8Array[];
  #how: Pick<PutHow, 'ifNone' | 'ifMatch'>;
  #etag: string | undefined;
  /** The file has had its name: what is there now is ours, or came after it. */
  #isPlaced = false;
  /** The system said that a file did not get its name, and may be wrong. */
  #isUnclear = false;

  constructor(parts: FilePutParts, { bucket, key }: ObjectPlace, bytes: readonly Uint8Array[], how: PutHow) {
    this.#parts = parts;
    this.#bucket = bucket;
    this.#path = `${bucket}/${pathOf(key)}`;
    this.#bytes = bytes;
    this.#how = how;
  }

  async attempt(): Promise<StoredObject> {
    const { turns, clock, disk } = this.#parts;
    this.#etag ??= await etagOfBytes(this.#bytes, clock);
    const etag = this.#etag;
    await turns.take(this.#path, async () => {
      const unfinished = await this.#write();
      try {
        await this.#requireFolder();
        await this.#place(unfinished, etag);
      } finally {
        await removeIfThere(disk, unfinished).catch(() => {});
      }
      await disk.syncDirectory(dirname(this.#path));
    });
    return { etag, bytes: this.#bytes.reduce((sum, { length }) => sum + length, 0) };
  }

  /** The path of a file that has all of the bytes, durably. */
  async #write(): Promise<string> {
    const { disk, random, clock } = this.#parts;
    const folder = `${this.#bucket}/${unfinishedFolder}`;
    await this.#removeLeftovers(folder);
    const path = `${folder}/${clock.now()}-${random.bytes(8).toString('hex')}`;
    const file = await disk.open(path, 'create');
    try {
      await file.write(this.#bytes, 0);
      await file.sync();
    } catch (error) {
      await removeIfThere(disk, path).catch(() => {});
      throw error;
    } finally {
      await file.close();
    }
    return path;
  }

  /** Of attempts that a crash ended. Another process that is as slow as that tries again. */
  async #removeLeftovers(folder: string): Promise<void> {
    const { disk, clock } = this.#parts;
    const names = await whereThere(() => disk.list(folder));
    if (names === undefined) {
      await requireBucket(disk, this.#bucket);
      await disk.createDirectory(folder);
    }
    for (const name of names ?? []) {
      const begunAt = Number.parseInt(name, 10);
      if (Math.abs(clock.now() - begunAt) > abandonedMs) await removeIfThere(disk, `${folder}/${name}`);
    }
  }

  async #requireFolder(): Promise<void> {
    const { disk, folders } = this.#parts;
    const folder = dirname(this.#path);
    if (folders.get(folder) === true) return;
    await disk.createDirectory(folder);
    folders.set(folder, true);
  }

  /** Gives the file its name where the condition holds. */
  async #place(unfinished: string, etag: string): Promise<void> {
    const { ifNone, ifMatch } = this.#how;
    const { disk, folders } = this.#parts;
    try {
      if (ifNone === true) await disk.renameToNew(unfinished, this.#path);
      else if (ifMatch !== undefined) await this.#replace(unfinished, ifMatch);
      else await disk.rename(unfinished, this.#path);
    } catch (error) {
      // Somebody removed the folder.
      if (isSystemError(error, 'ENOENT')) folders.set(dirname(this.#path), false);
      const isTaken = ifNone === true && isSystemError(error, 'EEXIST');
      if (!isTaken && !isPreconditionFailed(error)) {
        this.#isUnclear ||= !isSystemError(error, 'ENOENT');
        throw error;
      }
      if (this.#isPlaced || (this.#isUnclear && (await this.#etagThere()) === etag)) return;
      throw preconditionFailed(this.#path);
    }
    this.#isPlaced = true;
    this.#how = { ifMatch: etag };
  }

  /** Compares and sets: one process at a time. */
  async #replace(unfinished: string, ifMatch: string): Promise<void> {
    const { disk, turns } = this.#parts;
    const path = `${this.#bucket}/${unfinishedFolder}/lock`;
    await turns.take(path, async () => {
      const lock = await this.#lock(path);
      try {
        if ((await this.#etagThere()) !== ifMatch) throw preconditionFailed(this.#path);
        await disk.rename(unfinished, this.#path);
      } finally {
        await lock.release();
      }
    });
  }

  async #lock(path: string) {
    const { disk, clock } = this.#parts;
    for (let nth = 0; nth < lockTriesMax; nth++) {
      const lock = await disk.lock(path);
      if (lock !== undefined) return lock;
      await clock.sleep(20);
    }
    throw new ObjectStoreError(`another process changes ${this.#path}`, 'ConditionalRequestConflict', true);
  }

  async #etagThere(): Promise<string | undefined> {
    return await whereThere(() => readWith(this.#parts.disk, this.#path, etagOfFile));
  }
}

/** How old, or how far ahead of the clock, what nobody writes any more is. */
const abandonedMs: Millis = 3_600_000;

/** For a second, at 20 ms each. */
const lockTriesMax = 50;

function preconditionFailed(path: string): ObjectStoreError {
  return new ObjectStoreError(`the condition for ${path} does not hold`, 'PreconditionFailed', false);
}

function isPreconditionFailed(error: unknown): boolean {
  return error instanceof ObjectStoreError && error.code === 'PreconditionFailed';
}
