import { constants } from 'node:os';

/**
 * Files, as a log needs them. Paths are relative to the root that the disk was made for, with `/` between
 * names. Every method rejects with the system's error; none retries. `errno` is its number, and `code` is
 * ENOENT, EIO, ENOSPC, … where Node has a name for it.
 */
export interface Disk {
  /**
   * Makes a directory and its parents. It and they survive a power cut when it resolves. Rejects with
   * `SyncError` when they could be made and not be made durable.
   */
  createDirectory(path: string): Promise<void>;
  /** The names in a directory, sorted. Rejects with ENOENT when there is none. */
  list(path: string): Promise<string[]>;
  /** `create` makes a new file and rejects with EEXIST when there is one; `write` opens an existing one. */
  open(path: string, mode: 'create' | 'write' | 'read'): Promise<File>;
  rename(from: string, to: string): Promise<void>;
  /**
   * As `rename`, but rejects with EEXIST when the new name is taken, even at the last moment and by another
   * process. A process that ends, or a power cut, may leave the file under both names.
   */
  renameToNew(from: string, to: string): Promise<void>;
  /** Removes a file. Rejects with ENOENT when there is none. */
  remove(path: string): Promise<void>;
  /** Removes an empty directory. */
  removeDirectory(path: string): Promise<void>;
  /** Makes creations, renames and removals in this directory survive a power cut. */
  syncDirectory(path: string): Promise<void>;
  /** What this user may still write, and the size of the whole file system, in bytes. */
  space(): Promise<DiskSpace>;
  /** Whether its permissions let other users than its owner into a directory. */
  isOpenToOthers(path: string): Promise<boolean>;
  /**
   * Takes a lock that ends with the process; undefined when another holder, in any process, has it. Its file
   * is made, durably, when it is missing; other users have no access to it.
   */
  lock(path: string): Promise<DiskLock | undefined>;
}

export interface File {
  size(): Promise<number>;
  /**
   * Fills `into` from `position` on and answers the number of bytes read: fewer only at the end of the file.
   */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Writes all of the buffers, one after the other, from `position` on. Not durable before `sync`. */
  write(buffers: readonly Uint8Array[], position: number): Promise<void>;
  /**
   * fdatasync: all that was written survives a power cut when it resolves. After a failure nothing is known.
   */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

export type DiskSpace = { readonly freeBytes: number; readonly totalBytes: number };

export interface DiskLock {
  /**
   * True when there was no file for it: if it was removed, a process that holds the removed file may still
   * believe that it has the lock.
   */
  readonly isNew: boolean;
  /** False once its file was removed, moved or replaced: then another may have the lock too. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * What was done may not survive a power cut, and a second attempt may report success although it does not:
 * the caller must not go on as if it did.
 */
export class SyncError extends Error {
  override readonly name = 'SyncError';
}

/**
 * True for what the operating system refused, false for our own mistakes. The system's errors have a number
 * and the call that failed; not all have a name: EDQUOT is "Unknown system error -122" to Node.
 */
export function isRefusedBySystem(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error)) return false;
  const { errno, syscall } = error as NodeJS.ErrnoException;
  return typeof errno === 'number' && typeof syscall === 'string';
}

/** True when the system had no room, or this user may not have more of it. */
export function isDiskFull(error: unknown): boolean {
  return isOverQuota(error) || isSystemError(error, 'ENOSPC');
}

/** True when this user may not have more room. Node has no name for it. */
export function isOverQuota(error: unknown): boolean {
  return isRefusedBySystem(error) && error.errno === -constants.errno.EDQUOT;
}

/** True for a system error with this code, which must be one that Node has a name for. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}

/** The whole of a file. */
export function readFile(disk: Disk, path: string): Promise<Buffer> {
  return readWith(disk, path, async (file) => bytesAt(file, 0, await file.size()));
}

/** Bytes of a file: fewer than `length` only at its end. */
export async function bytesAt(file: File, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  return bytes.subarray(0, await file.read(bytes, position));
}

/** What `work` finds in a file, which is open meanwhile. */
export async function readWith<T>(disk: Disk, path: string, work: (file: File) => Promise<T>): Promise<T> {
  const file = await disk.open(path, 'read');
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** The names in a directory, sorted; none when there is no directory. */
export async function namesIn(disk: Disk, directory: string): Promise<string[]> {
  try {
    return await disk.list(directory);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Removes a file, which need not be there. */
export async function removeIfThere(disk: Disk, path: string): Promise<void> {
  try {
    await disk.remove(path);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
  }
}
