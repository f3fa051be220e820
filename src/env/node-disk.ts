import * as fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { type Disk, type DiskLock, type DiskSpace, type File, SyncError } from './disk.ts';

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
    remove: (path) => fs.promises.unlink(at(path)),
    removeDirectory: (path) => fs.promises.rmdir(at(path)),
    syncDirectory: (path) => syncDirectory(at(path)),
    space: () => space(root),
    lock: (path) => lock(at(path)),
  };
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
 * A new directory is durable once its parent is synced, and so on up to the first that was there before. One that was
 * there may have been made by a process that ended before it synced: everything up to the root is synced again.
 */
async function createDirectory(root: string, path: string): Promise<void> {
  const first = await fs.promises.mkdir(path, { recursive: true, mode: 0o700 });
  const outermost = dirname(first !== undefined && first.length < root.length ? first : root);
  for (let parent = dirname(path); ; parent = dirname(parent)) {
    try {
      await syncDirectory(parent);
    } catch (cause) {
      throw new SyncError(`The directory ${parent} could not be synced`, { cause });
    }
    if (parent.length <= outermost.length) return;
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
async function lock(path: string): Promise<DiskLock | undefined> {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA busy_timeout=0; PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined;
    throw error;
  }
  return { release: async () => database.close() };
}

/** SQLITE_BUSY, sqlite.org/rescode.html. */
const sqliteBusy = 5;
