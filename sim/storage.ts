import { constants } from 'node:os';
import { posix } from 'node:path';
import { getSystemErrorName } from 'node:util';
import type { SeededRandom } from '../harness/random.ts';
import { type Mark, StoredFile } from './stored-file.ts';

type Entries = Map<string, StoredFile | Directory>;

/** Names as they are seen, and names as they would be after a power cut. */
class Directory {
  readonly kind = 'directory';
  readonly entries: Entries = new Map();
  readonly durable: Entries = new Map();
}

/** One atomic change of names: a creation, a removal, or both ends of a rename. */
type Naming = { readonly order: Mark; readonly edits: readonly Edit[] };

type Edit = {
  readonly directory: Directory;
  readonly name: string;
  readonly node: StoredFile | Directory | undefined;
};

/** The machine's disk. It outlives processes; its methods act at once and throw the system's errors. */
export class Storage {
  readonly #root = new Directory();
  #pending: Naming[] = [];
  #order: Mark = 0;
  #capacity = Number.POSITIVE_INFINITY;

  createDirectory(path: string): void {
    let directory = this.#root;
    for (const name of namesOf(path)) {
      let next = directory.entries.get(name);
      if (next?.kind === 'file') throw systemError('ENOTDIR', path);
      next ??= new Directory();
      directory.entries.set(name, next);
      directory.durable.set(name, next);
      directory = next;
    }
  }

  list(path: string): string[] {
    return [...this.#directory(path).entries.keys()].sort();
  }

  create(path: string): StoredFile {
    const { directory, name } = this.#place(path);
    if (directory.entries.has(name)) throw systemError('EEXIST', path);
    const file = new StoredFile();
    this.#name({ directory, name, node: file });
    return file;
  }

  file(path: string): StoredFile {
    const { directory, name } = this.#place(path);
    const node = directory.entries.get(name);
    if (node === undefined) throw systemError('ENOENT', path);
    if (node.kind === 'directory') throw systemError('EISDIR', path);
    return node;
  }

  rename(from: string, to: string): void {
    const source = this.#place(from);
    const target = this.#place(to);
    const node = source.directory.entries.get(source.name);
    if (node === undefined) throw systemError('ENOENT', from);
    const replaced = target.directory.entries.get(target.name);
    if (replaced?.kind === 'directory' && replaced.entries.size > 0) throw systemError('ENOTEMPTY', to);
    this.#name({ ...source, node: undefined }, { ...target, node });
  }

  /**
   * Both names change in one step: what a crash between the two leaves is played by test/log/fake-disk.ts.
   */
  renameToNew(from: string, to: string): void {
    const target = this.#place(to);
    if (target.directory.entries.has(target.name)) throw systemError('EEXIST', to);
    this.rename(from, to);
  }

  remove(path: string): void {
    this.file(path);
    this.#name({ ...this.#place(path), node: undefined });
  }

  removeDirectory(path: string): void {
    if (this.#directory(path).entries.size > 0) throw systemError('ENOTEMPTY', path);
    this.#name({ ...this.#place(path), node: undefined });
  }

  /** Every change of names up to now. */
  mark(): Mark {
    return this.#order;
  }

  /**
   * Makes the names in a directory durable as they were at a mark. With its own changes go the earlier ones
   * they build on: both ends of a rename, and what happened before in the directory at the other end.
   */
  syncDirectory(path: string, mark: Mark): void {
    const directories = new Set([this.#directory(path)]);
    const covered = new Set<Naming>();
    for (const naming of this.#pending.toReversed()) {
      if (naming.order >= mark || !naming.edits.some(({ directory }) => directories.has(directory))) continue;
      for (const { directory } of naming.edits) directories.add(directory);
      covered.add(naming);
    }
    for (const naming of this.#pending) if (covered.has(naming)) applyNaming(naming, 'durable');
    this.#pending = this.#pending.filter((naming) => !covered.has(naming));
  }

  /** Leaves room for so many more bytes. */
  leave(room: number): void {
    this.#capacity = this.#used() + room;
  }

  /** Bytes that can still be written. */
  free(): number {
    if (this.#capacity === Number.POSITIVE_INFINITY) return this.#capacity;
    return Math.max(0, this.#capacity - this.#used());
  }

  /** Another disk with the same on it, all of it durable. */
  copy(): Storage {
    const copy = new Storage();
    copyDirectory(this.#root, copy.#root);
    return copy;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** The files in a directory and below it. */
  filesIn(path: string): StoredFile[] {
    return [...filesBelow(this.#directory(path))];
  }

  /**
   * What was not synced is lost in part: names in the order they were given up to some moment, or any of
   * them. A file that grew may show what another one left in its new blocks, as ext4's data=writeback
   * permits.
   */
  cutPower(random: SeededRandom): void {
    const count = random.pick([0, this.#pending.length, random.between(0, this.#pending.length)]);
    const isOrdered = random.chance(0.5);
    this.#pending.forEach((naming, index) => {
      if (isOrdered ? index < count : random.chance(0.5)) applyNaming(naming, 'durable');
    });
    this.#pending = [];
    forgetUnsynced(this.#root);
    const files = [...new Set(filesBelow(this.#root))];
    const stale = random.chance(0.5) && files.length > 0 ? random.pick(files).leftover(random) : undefined;
    for (const file of files) file.cutPower(random, stale);
  }

  #used(): number {
    let used = 0;
    for (const file of filesBelow(this.#root)) used += file.size;
    return used;
  }

  #name(...edits: Edit[]): void {
    const naming = { order: this.#order++, edits };
    applyNaming(naming, 'entries');
    this.#pending.push(naming);
  }

  #place(path: string): { directory: Directory; name: string } {
    return { directory: this.#directory(posix.dirname(path)), name: posix.basename(path) };
  }

  #directory(path: string): Directory {
    let directory = this.#root;
    for (const name of namesOf(path)) {
      const next = directory.entries.get(name);
      if (next === undefined) throw systemError('ENOENT', path);
      if (next.kind === 'file') throw systemError('ENOTDIR', path);
      directory = next;
    }
    return directory;
  }
}

/** An error as Node throws it: one that it has no name for, EDQUOT among them, goes by its number. */
export function systemError(name: string, path: string): NodeJS.ErrnoException {
  const errno = -constants.errno[name as keyof typeof constants.errno];
  const code = getSystemErrorName(errno);
  return Object.assign(new Error(`${code}: simulated, '${path}'`), { code, errno, syscall: 'simulated' });
}

function namesOf(path: string): string[] {
  return posix
    .normalize(path)
    .split('/')
    .filter((name) => name !== '' && name !== '.');
}

function applyNaming(naming: Naming, view: 'entries' | 'durable'): void {
  for (const { directory, name, node } of naming.edits) {
    if (node === undefined) directory[view].delete(name);
    else directory[view].set(name, node);
  }
}

function* filesBelow(directory: Directory): Generator<StoredFile> {
  for (const node of directory.entries.values()) {
    if (node.kind === 'file') yield node;
    else yield* filesBelow(node);
  }
}

function copyDirectory(from: Directory, to: Directory): void {
  for (const [name, node] of from.entries) {
    const copied = node.kind === 'file' ? node.copy() : new Directory();
    if (node.kind === 'directory' && copied.kind === 'directory') copyDirectory(node, copied);
    to.entries.set(name, copied);
    to.durable.set(name, copied);
  }
}

function forgetUnsynced(directory: Directory): void {
  directory.entries.clear();
  for (const [name, node] of directory.durable) {
    directory.entries.set(name, node);
    if (node.kind === 'directory') forgetUnsynced(node);
  }
}
