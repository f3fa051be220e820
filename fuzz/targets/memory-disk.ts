import type { Disk, DiskLock, DiskSpace, File } from '../../src/env/disk.ts';

/** A disk in memory that never fails: files by their paths, and directories wherever one is named. */
export class MemoryDisk implements Disk {
  readonly #files = new Map<string, Stored>();
  readonly #directories = new Set<string>();

  constructor(files: Iterable<readonly [path: string, bytes: Buffer]> = []) {
    for (const [path, bytes] of files) {
      this.#files.set(path, { bytes });
      this.#makeDirectories(path.slice(0, path.lastIndexOf('/')));
    }
  }

  /** The bytes of all files, as they are now. */
  contents(): [path: string, bytes: Buffer][] {
    return [...this.#files].map(([path, { bytes }]) => [path, bytes]);
  }

  async createDirectory(path: string): Promise<void> {
    this.#makeDirectories(path);
  }

  async list(path: string): Promise<string[]> {
    if (!this.#directories.has(path)) throw systemError('ENOENT', path);
    const names = [...this.#files.keys(), ...this.#directories]
      .filter((name) => name.startsWith(`${path}/`))
      .map((name) => name.slice(path.length + 1).split('/')[0]!);
    return [...new Set(names)].sort();
  }

  async open(path: string, mode: 'create' | 'write' | 'read'): Promise<File> {
    const found = this.#files.get(path);
    if ((found === undefined) !== (mode === 'create')) {
      throw systemError(found === undefined ? 'ENOENT' : 'EEXIST', path);
    }
    const stored = found ?? { bytes: Buffer.alloc(0) };
    this.#files.set(path, stored);
    return new MemoryFile(stored);
  }

  async rename(from: string, to: string): Promise<void> {
    const stored = this.#files.get(from);
    if (stored === undefined) throw systemError('ENOENT', from);
    this.#files.delete(from);
    this.#files.set(to, stored);
  }

  async renameToNew(from: string, to: string): Promise<void> {
    if (this.#files.has(to)) throw systemError('EEXIST', to);
    await this.rename(from, to);
  }

  async remove(path: string): Promise<void> {
    if (!this.#files.delete(path)) throw systemError('ENOENT', path);
  }

  async removeDirectory(path: string): Promise<void> {
    this.#directories.delete(path);
  }

  async syncDirectory(): Promise<void> {}

  async space(): Promise<DiskSpace> {
    return { freeBytes: 1024 ** 4, totalBytes: 1024 ** 4 };
  }

  async isOpenToOthers(): Promise<boolean> {
    return false;
  }

  async lock(): Promise<DiskLock | undefined> {
    return { isNew: true, isHeld: async () => true, release: async () => {} };
  }

  #makeDirectories(path: string): void {
    const parts = path.split('/');
    for (let depth = 1; depth <= parts.length; depth++)
      this.#directories.add(parts.slice(0, depth).join('/'));
  }
}

/** A file keeps its bytes whatever becomes of its name. */
type Stored = { bytes: Buffer };

class MemoryFile implements File {
  readonly #stored: Stored;

  constructor(stored: Stored) {
    this.#stored = stored;
  }

  async size(): Promise<number> {
    return this.#stored.bytes.length;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    return this.#stored.bytes.copy(into, 0, position);
  }

  async write(buffers: readonly Uint8Array[], position: number): Promise<void> {
    const added = Buffer.concat(buffers);
    const bytes = Buffer.alloc(Math.max(this.#stored.bytes.length, position + added.length));
    this.#stored.bytes.copy(bytes);
    added.copy(bytes, position);
    this.#stored.bytes = bytes;
  }

  async sync(): Promise<void> {}

  async truncate(size: number): Promise<void> {
    this.#stored.bytes = Buffer.from(this.#stored.bytes.subarray(0, size));
  }

  async close(): Promise<void> {}
}

function systemError(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code, errno: -1, syscall: 'memory' });
}
