import * as fs from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { type Disk, type DiskLock, type DiskSpace, type File, isSystemError, SyncError } from './disk.ts';

const open = promisify(fs.open);
const close = promisify(fs.close);
const fsync = promisify(fs.fsync);
const fdatasync = promisify(fs.fdatasync);
const ftruncate = promisify(fs.ftruncate);
const fstat = promisify(fs.fstat);
const statfs = promisify(fs.statfs);

/** The directory `root` of this machine's file system. It need not exist. */
export function nodeDisk(root: string): Disk {
  const at = (path: string) => join(root, path);
  return {
    createDirectory: (path) => createDirectory(resolve(root), resolve(at(path))),
    list: async (path) => (await fs.promises.readdir(at(path))).sort(),
    open: async (path, mode) => nodeFile(await open(at(path), openFlags[mode], 0o600)),
    rename: (from, to) => fs.promises.rename(at(from), at(to)),
    renameToNew: (from, to) => renameToNew(at(from), at(to)),
    remove: (path) => fs.promises.unlink(at(path)),
    removeDirectory: (path) => fs.promises.rmdir(at(path)),
    syncDirectory: (path) => syncDirectory(at(path)),
    space: () => space(root),
    isOpenToOthers: (path) => isOpenToOthers(at(path)),
    lock: (path) => lock(at(path)),
  };
}

/**
 * A link is made in one step, and only under a free name: of two processes that want one name, one gets it.
 */
async function renameToNew(from: string, to: string): Promise<void> {
  try {
    await fs.promises.link(from, to);
  } catch (error) {
    if (!isWithoutLinks(error)) throw error;
    if (await isThere(to))
      throw Object.assign(new Error(`EEXIST: file already exists, rename '${to}'`), exists);
    return fs.promises.rename(from, to);
  }
  // The file has its new name. A crash may leave the old one, too.
  await fs.promises.unlink(from).catch(() => {});
}

/** Some file systems have no hard links: FAT, and what some virtual machines share with their host. */
function isWithoutLinks(error: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].some((code) => isSystemError(error, code));
}

const exists = { code: 'EEXIST', errno: -constants.errno.EEXIST, syscall: 'rename' };

async function isOpenToOthers(path: string): Promise<boolean> {
  // On Windows modes say nothing.
  if (process.platform === 'win32') return false;
  return ((await fs.promises.stat(path)).mode & 0o077) !== 0;
}

/** `bavail`: what is free for others than root. */
async function space(path: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(path);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

const openFlags = { create: 'wx+', write: 'r+', read: 'r' } as const;

function nodeFile(fd: number): File {
  return {
    size: async () => (await fstat(fd)).size,
    read: (into, position) => readFully(fd, into, position),
    write: (buffers, position) => writeFully(fd, buffers, position),
    sync: () => fdatasync(fd),
    truncate: (size) => ftruncate(fd, size),
    close: () => close(fd),
  };
}

function readFully(fd: number, into: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let filled = 0;
    const more = () =>
      fs.read(fd, into, filled, into.length - filled, position + filled, (error, count) => {
        if (error) return reject(error);
        filled += count;
        if (count === 0 || filled === into.length) resolve(filled);
        else more();
      });
    if (into.length === 0) resolve(0);
    else more();
  });
}

/** A short write is followed by another, whose error then says why it was short. */
function writeFully(fd: number, buffers: readonly Uint8Array[], position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let rest = buffers;
    const more = () =>
      fs.writev(fd, rest as NodeJS.ArrayBufferView[], position, (error, count) => {
        if (error) return reject(error);
        position += count;
        rest = withoutFirst(rest, count);
        if (rest.length === 0) resolve();
        else more();
      });
    if (rest.length === 0) resolve();
    else more();
  });
}

/** What is left of the buffers when their first `count` bytes are gone. */
function withoutFirst(buffers: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let index = 0;
  while (index < buffers.length && count >= buffers[index]!.length) count -= buffers[index++]!.length;
  if (index === buffers.length) return [];
  return count === 0 ? buffers.slice(index) : [buffers[index]!.subarray(count), ...buffers.slice(index + 1)];
}

/**
 * A new directory is durable once its parent is synced, and so on up to the first that was there before. That
 * one may have been made by a process that ended before it synced: everything up to the root is synced again.
 */
async function createDirectory(root: string, path: string): Promise<void> {
  const first = await makeDirectories(path);
  const outermost = dirname(first !== undefined && first.length < root.length ? first : root);
  for (let parent = dirname(path); ; parent = dirname(parent)) {
    try {
      await syncDirectory(parent);
    } catch (cause) {
      if (!isSystemError(cause, 'EACCES') || isWritable(parent)) throw couldNotSync(parent, cause);
    }
    if (parent.length <= outermost.length) return;
  }
}

function couldNotSync(path: string, cause: unknown): SyncError {
  return new SyncError(`The directory ${path} could not be synced: ${(cause as Error).message}`, { cause });
}

/**
 * Answers the outermost directory that had to be made. Node's recursive mkdir never ends in a directory that
 * exists but reports ENOENT for new ones, as /proc does.
 */
async function makeDirectories(path: string): Promise<string | undefined> {
  const missing: string[] = [];
  for (let at = path; !(await isThere(at)); at = dirname(at)) missing.unshift(at);
  for (const each of missing) await makeDirectory(each);
  if (missing.length === 0) await makeDirectory(path);
  return missing[0];
}

/** The directory may be there already. */
async function makeDirectory(path: string): Promise<void> {
  if (await isDirectory(path)) return;
  try {
    await fs.promises.mkdir(path, 0o700);
  } catch (error) {
    if (!isSystemError(error, 'EEXIST') || !(await isDirectory(path))) throw error;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  const stats = await fs.promises.stat(path).catch(absent);
  return stats?.isDirectory() === true;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await fs.promises.stat(path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false;
    throw error;
  }
}

/**
 * Where this user cannot make anything, no process of this user's has: nothing there need be made durable.
 */
function isWritable(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const fd = await open(path, 'r');
  try {
    await fsync(fd);
  } finally {
    await close(fd);
  }
}

/**
 * Node has no flock, SQLite has: an exclusive transaction on an empty database is a lock of the kernel's
 * (fcntl on POSIX, LockFileEx on Windows). It ends with the process, also by kill -9, and holds across
 * containers that share the directory. Nothing is ever written to the file.
 */
async function lock(path: string, attempts = 3): Promise<DiskLock | undefined> {
  const isNew = makeLockFile(path);
  if (isNew) await syncDirectory(dirname(path));
  const before = requireLockFile(path);
  const database = openLock(path);
  if (database === undefined) return undefined;
  if (identityOf(path) !== before) {
    database.close();
    // Some container file systems give a file its number when it is opened to write first.
    if (attempts > 1) return lock(path, attempts - 1);
    throw new Error(`${path} cannot be locked: it is replaced again and again`);
  }
  keepFromOthers(path);
  return {
    isNew,
    isHeld: async () => (await fs.promises.stat(path, { bigint: true }).then(identity, absent)) === before,
    release: async () => database.close(),
  };
}

/**
 * True when there was none. SQLite would make one that others can read, and so lock. No descriptor of an
 * existing file may be closed: that would end the locks that this process has on it (fcntl(2)).
 */
function makeLockFile(path: string): boolean {
  try {
    fs.closeSync(fs.openSync(path, 'wx', 0o600));
    return true;
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
    return false;
  }
}

/** The identity of a lock's file. Throws when it cannot be locked. */
function requireLockFile(path: string): string {
  fs.accessSync(path, fs.constants.R_OK | fs.constants.W_OK);
  if (!fs.statSync(path).isFile()) throw new Error(`${path} cannot be locked: it is not a file`);
  return identityOf(path)!;
}

/** Undefined when another process has the lock. */
function openLock(path: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA busy_timeout=0; PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
    return database;
  } catch (cause) {
    database?.close();
    const { errcode, message } = cause as Error & { readonly errcode?: number };
    if (errcode === sqliteBusy) return undefined;
    const reason = errcode === sqliteNotADatabase ? 'it is not a lock file; remove it' : message;
    throw new Error(`${path} cannot be locked: ${reason}`, { cause });
  }
}

/** A file made by an earlier version may be open to others. */
function keepFromOthers(path: string): void {
  try {
    if ((fs.statSync(path).mode & 0o077) !== 0) fs.chmodSync(path, 0o600);
  } catch {
    // It is another user's file: that user decides what others may do with it.
  }
}

/** Tells a file from all others as long as it is open. Undefined when there is none. */
function identityOf(path: string): string | undefined {
  return identity(fs.statSync(path, { bigint: true, throwIfNoEntry: false }));
}

function identity(stats: fs.BigIntStats | undefined): string | undefined {
  return stats && `${stats.dev}:${stats.ino}`;
}

function absent(error: unknown): undefined {
  if (!isSystemError(error, 'ENOENT') && !isSystemError(error, 'ENOTDIR')) throw error;
}

/** SQLITE_BUSY and SQLITE_NOTADB, sqlite.org/rescode.html. */
const sqliteBusy = 5;
const sqliteNotADatabase = 26;
