import { constants } from 'node:os';
import { dirname, join } from 'node:path/posix';
import { getSystemErrorName } from 'node:util';
import type { Disk, DiskLock, DiskSpace, File } from '../../src/env/disk.ts';
import { TestRandom } from './world.ts';

export type DiskCall = { readonly kind: CallKind; readonly path: string; readonly index: number };
export type CallKind =
  | 'write'
  | 'sync'
  | 'truncate'
  | 'create'
  | 'rename'
  | 'remove'
  | 'syncDirectory'
  | 'read';

/**
 * What becomes of a call: it fails with the system's error of this code, or the power goes before it is done.
 */
export type Fate = string | 'crash' | undefined;

/**
 * What of the things that were not synced a power cut leaves: nothing, everything, or what the seed decides.
 */
export type Survival = 'nothing' | 'everything' | number;

const sectorBytes = 512;

/**
 * A disk in memory that forgets as disks do. Names and bytes survive a power cut when they were synced; of
 * the others any subset does, bytes by sectors, and a file's size apart from its bytes.
 */
export class FakeDisk implements Disk {
  fate: (call: DiskCall) => Fate = () => undefined;
  /** A call takes no turn of its own: for tests that need no others in between, and many calls. */
  isHasty = false;
  /** What `space` says; nothing keeps to it. */
  freeBytes = 1024 ** 4;
  /** Counts the calls that change something. */
  calls = 0;
  openFiles = 0;
  /** Resolves when a call was fated to crash. */
  readonly crashed: Promise<void>;
  readonly #crash: () => void;
  #dead = false;
  readonly #root: Directory;
  readonly #locks: Locks;

  constructor(root = new Directory(), locks: Locks = new Map()) {
    this.#root = root;
    this.#locks = locks;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.crashed = promise;
    this.#crash = resolve;
  }

  /** The disk as the next process finds it after a power cut now. This one answers no more. */
  cutPower(survival: Survival): FakeDisk {
    this.#dead = true;
    return new FakeDisk(this.#root.survivor(choose(survival)), this.#letGo());
  }

  /**
   * The same disk for the next process, when only the one before was killed: what was written is there,
   * synced or not.
   */
  nextProcess(): FakeDisk {
    this.#dead = true;
    return new FakeDisk(this.#root, this.#letGo());
  }

  /** Locks end with their process, their files do not. */
  #letGo(): Locks {
    for (const path of this.#locks.keys()) this.#locks.set(path, undefined);
    return this.#locks;
  }

  /** The same disk for another process, while this one lives on. */
  otherProcess(): FakeDisk {
    return new FakeDisk(this.#root, this.#locks);
  }

  /** What an operator may do by mistake: removes a lock as if it were left behind. */
  takeLockAway(path: string): void {
    this.#locks.delete(path);
  }

  async createDirectory(path: string): Promise<void> {
    await this.call(
      'create',
      path,
      () => this.#makeDirectories(path, true),
      () => this.#makeDirectories(path, false),
    );
  }

  async list(path: string): Promise<string[]> {
    return this.call('read', path, () => [...this.#directory(path).current.keys()].sort());
  }

  async open(path: string, mode: 'create' | 'write' | 'read'): Promise<File> {
    return this.call(mode === 'create' ? 'create' : 'read', path, () => {
      const { entries, name } = this.#place(path);
      if (mode === 'create') {
        if (entries.has(name)) throw systemError('EEXIST', path);
        entries.set(name, new StoredFile());
      }
      const file = entries.get(name);
      if (!(file instanceof StoredFile)) throw systemError('ENOENT', path);
      this.openFiles += 1;
      return new FakeFile(this, path, file);
    });
  }

  async rename(from: string, to: string): Promise<void> {
    await this.call('rename', from, () => {
      const source = this.#place(from);
      const node = source.entries.get(source.name);
      if (node === undefined) throw systemError('ENOENT', from);
      source.entries.delete(source.name);
      const target = this.#place(to);
      target.entries.set(target.name, node);
    });
  }

  /** A crash between the two leaves both names. */
  async renameToNew(from: string, to: string): Promise<void> {
    await this.call('rename', from, () => {
      const source = this.#place(from);
      const target = this.#place(to);
      const node = source.entries.get(source.name);
      if (node === undefined) throw systemError('ENOENT', from);
      if (target.entries.has(target.name)) throw systemError('EEXIST', to);
      target.entries.set(target.name, node);
    });
    await this.remove(from).catch(() => {});
  }

  async isOpenToOthers(): Promise<boolean> {
    return false;
  }

  async remove(path: string): Promise<void> {
    await this.call('remove', path, () => {
      const { entries, name } = this.#place(path);
      if (!entries.delete(name)) throw systemError('ENOENT', path);
    });
  }

  async removeDirectory(path: string): Promise<void> {
    await this.call('remove', path, () => {
      if (this.#directory(path).current.size > 0) throw systemError('ENOTEMPTY', path);
      const { entries, name } = this.#place(path);
      entries.delete(name);
    });
  }

  async syncDirectory(path: string): Promise<void> {
    await this.call('syncDirectory', path, () => {
      const directory = this.#directory(path);
      directory.durable = new Map(directory.current);
    });
  }

  async space(): Promise<DiskSpace> {
    return { freeBytes: this.freeBytes, totalBytes: 1024 ** 4 };
  }

  async lock(path: string): Promise<DiskLock | undefined> {
    const isNew = !this.#locks.has(path);
    if (this.#locks.get(path) !== undefined) return undefined;
    this.#locks.set(path, this);
    return {
      isNew,
      isHeld: async () => this.#locks.get(path) === this,
      release: async () => void this.#locks.set(path, undefined),
    };
  }

  /** The bytes of a file, for a test to look at or to change. */
  file(path: string): StoredFile {
    const { entries, name } = this.#place(path);
    return entries.get(name) as StoredFile;
  }

  /** A disk of its own with the same content, all of it durable; its locks are nobody's. */
  copy(): FakeDisk {
    const locks: Locks = new Map([...this.#locks.keys()].map((path) => [path, undefined]));
    return new FakeDisk(
      this.#root.survivor(() => true),
      locks,
    );
  }

  /**
   * One call: takes effect in a turn of its own, unless its fate is another. `partly` is what a failure
   * leaves.
   */
  async call<T>(kind: CallKind, path: string, effect: () => T, partly?: () => void): Promise<T> {
    if (!this.isHasty) await new Promise((resolve) => setImmediate(resolve));
    if (this.#dead) return new Promise<never>(() => {});
    const fate = this.fate({ kind, path, index: kind === 'read' ? -1 : this.calls++ });
    if (fate === undefined) return effect();
    partly?.();
    if (fate !== 'crash') throw systemError(fate, path);
    this.#dead = true;
    this.#crash();
    return new Promise<never>(() => {});
  }

  /** Directories that are there already are not synced again. */
  #makeDirectories(path: string, areSynced: boolean): void {
    let directory = this.#root;
    for (const name of path.split('/')) {
      const known = directory.current.get(name);
      const next = known ?? new Directory();
      directory.current.set(name, next);
      if (known === undefined && areSynced) directory.durable.set(name, next);
      directory = next as Directory;
    }
  }

  #place(path: string): { entries: Map<string, Node>; name: string } {
    const parent = dirname(path);
    const directory = parent === '.' ? this.#root : this.#directory(parent);
    return { entries: directory.current, name: join(path).slice(parent === '.' ? 0 : parent.length + 1) };
  }

  #directory(path: string): Directory {
    let node: Node | undefined = this.#root;
    if (path === '.') return this.#root;
    for (const name of path.split('/')) node = node instanceof Directory ? node.current.get(name) : undefined;
    if (node instanceof StoredFile) throw systemError('ENOTDIR', path);
    if (node === undefined) throw systemError('ENOENT', path);
    return node;
  }
}

/** The holder of each lock; undefined when its file is there and no process holds it. */
type Locks = Map<string, FakeDisk | undefined>;

/** Asked for each thing that was not synced: does it survive? */
type Choice = () => boolean;

function choose(survival: Survival): Choice {
  if (survival === 'nothing') return () => false;
  if (survival === 'everything') return () => true;
  const random = new TestRandom(survival);
  return () => random.below(2) === 0;
}

type Node = Directory | StoredFile;

class Directory {
  current = new Map<string, Node>();
  durable = new Map<string, Node>();

  survivor(choice: Choice): Directory {
    const survivor = new Directory();
    for (const name of new Set([...this.current.keys(), ...this.durable.keys()])) {
      const now = this.current.get(name);
      const then = this.durable.get(name);
      const node = now === then || choice() ? now : then;
      if (node !== undefined) survivor.current.set(name, node.survivor(choice));
    }
    survivor.durable = new Map(survivor.current);
    return survivor;
  }
}

export class StoredFile {
  bytes: Buffer = Buffer.alloc(0);
  durable: Buffer = Buffer.alloc(0);
  /** What the next sync writes. A sync that fails forgets it too, as Linux does. */
  #dirty: { readonly first: number; readonly end: number }[] = [];

  write(buffers: readonly Uint8Array[], position: number): void {
    const added = Buffer.concat(buffers);
    const bytes = Buffer.alloc(Math.max(this.bytes.length, position + added.length));
    this.bytes.copy(bytes);
    added.copy(bytes, position);
    this.bytes = bytes;
    this.#dirty.push({ first: position, end: position + added.length });
  }

  truncate(size: number): void {
    this.bytes = Buffer.from(this.bytes.subarray(0, size));
  }

  sync(): void {
    const durable = Buffer.alloc(this.bytes.length);
    this.durable.copy(durable);
    for (const { first, end } of this.#dirty) this.bytes.copy(durable, first, first, end);
    this.durable = durable;
    this.#dirty = [];
  }

  failToSync(): void {
    this.#dirty = [];
  }

  survivor(choice: Choice): StoredFile {
    const size = choice() ? this.bytes.length : this.durable.length;
    const bytes = Buffer.alloc(size);
    this.durable.copy(bytes);
    for (let at = 0; at < size; at += sectorBytes) {
      if (choice() && at < this.bytes.length)
        this.bytes.copy(bytes, at, at, Math.min(at + sectorBytes, size));
    }
    const survivor = new StoredFile();
    survivor.bytes = bytes;
    survivor.durable = Buffer.from(bytes);
    return survivor;
  }
}

class FakeFile implements File {
  readonly #disk: FakeDisk;
  readonly #path: string;
  readonly #file: StoredFile;

  constructor(disk: FakeDisk, path: string, file: StoredFile) {
    this.#disk = disk;
    this.#path = path;
    this.#file = file;
  }

  size(): Promise<number> {
    return this.#disk.call('read', this.#path, () => this.#file.bytes.length);
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return this.#disk.call('read', this.#path, () => this.#file.bytes.copy(into, 0, position));
  }

  /** A write that fails, or during which the power goes, leaves its first half. */
  write(buffers: readonly Uint8Array[], position: number): Promise<void> {
    const bytes = Buffer.concat(buffers);
    const half = () => this.#file.write([bytes.subarray(0, bytes.length >> 1)], position);
    return this.#disk.call('write', this.#path, () => this.#file.write([bytes], position), half);
  }

  sync(): Promise<void> {
    const sync = () => this.#file.sync();
    return this.#disk.call('sync', this.#path, sync, () => this.#file.failToSync());
  }

  truncate(size: number): Promise<void> {
    return this.#disk.call('truncate', this.#path, () => this.#file.truncate(size));
  }

  close(): Promise<void> {
    return this.#disk.call('read', this.#path, () => {
      this.#disk.openFiles -= 1;
    });
  }
}

/** As Node throws it: one that it has no name for, EDQUOT among them, goes by its number. */
export function systemError(name: string, path: string): NodeJS.ErrnoException {
  const errno = -constants.errno[name as keyof typeof constants.errno];
  const code = getSystemErrorName(errno);
  return Object.assign(new Error(`${code}: ${path}`), { code, errno, syscall: 'simulated' });
}
