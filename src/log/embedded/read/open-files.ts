import type { Disk, File } from '../../../env/disk.ts';
import type { ArchivedFiles } from '../archive/archived-files.ts';

/** Keeps the files that were used last open, so that many segments need few file descriptors. */
export class OpenFiles {
  readonly #disk: Disk;
  readonly #max: number;
  readonly #archived: Pick<ArchivedFiles, 'has' | 'fileAt'> | undefined;
  /** The least recently used first. */
  readonly #handles = new Map<string, Handle>();

  /** More than `max` are open only while more than `max` are in use at once. */
  constructor(disk: Disk, max: number, archived?: Pick<ArchivedFiles, 'has' | 'fileAt'>) {
    this.#disk = disk;
    this.#max = max;
    this.#archived = archived;
  }

  /** Whether a path stands for what is not on the disk. */
  isArchived(path: string): boolean {
    return this.#archived?.has(path) === true;
  }

  /** Does some work with a file, which stays open as long as it takes. */
  async use<T>(path: string, work: (file: File) => Promise<T>): Promise<T> {
    await this.#makeRoom();
    const handle = this.#handles.get(path) ?? this.#opened(path);
    this.#touch(path, handle);
    handle.users++;
    try {
      return await work(await handle.file);
    } finally {
      handle.users--;
      if (handle.isForgotten && handle.users === 0) await handle.close();
    }
  }

  /** Takes over a file that is open already. */
  adopt(path: string, file: File): void {
    this.#touch(path, new Handle(Promise.resolve(file)));
  }

  /** Closes a file, after its last use when it is in use. */
  async forget(path: string): Promise<void> {
    const handle = this.#handles.get(path);
    if (handle === undefined) return;
    this.#handles.delete(path);
    handle.isForgotten = true;
    if (handle.users === 0) await handle.close();
  }

  async close(): Promise<void> {
    for (const path of [...this.#handles.keys()]) await this.forget(path);
  }

  #opened(path: string): Handle {
    const archived = this.#archived?.fileAt(path);
    const handle = new Handle(archived ? Promise.resolve(archived) : this.#disk.open(path, 'write'));
    handle.file.catch(() => {
      if (this.#handles.get(path) === handle) this.#handles.delete(path);
    });
    return handle;
  }

  #touch(path: string, handle: Handle): void {
    this.#handles.delete(path);
    this.#handles.set(path, handle);
  }

  async #makeRoom(): Promise<void> {
    if (this.#handles.size < this.#max) return;
    for (const [path, handle] of this.#handles) if (handle.users === 0) return this.forget(path);
  }
}

class Handle {
  readonly file: Promise<File>;
  users = 0;
  isForgotten = false;

  constructor(file: Promise<File>) {
    this.file = file;
  }

  async close(): Promise<void> {
    await (await this.file).close();
  }
}
