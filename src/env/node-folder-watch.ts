import { type FSWatcher, watch } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { detached } from './detached.ts';
import { watchQuietMs } from './processes.ts';

/** See `Processes.watch`. Node's own recursive watch reads all of `node_modules`, and waits for nothing. */
export async function watchFolder(folder: string, changed: () => void): Promise<Disposable> {
  const watch = new FolderWatch(changed);
  try {
    await watch.add(await realpath(folder));
  } catch (error) {
    watch[Symbol.dispose]();
    throw error;
  }
  return watch;
}

class FolderWatch implements Disposable {
  readonly #changed: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Watches a folder and those in it. What is watched already is read again for new ones. */
  async add(folder: string): Promise<void> {
    if (!this.#watchers.has(folder)) this.#watch(folder);
    const entries = await readdir(folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && counts(entry.name));
    for (const { name } of folders) await this.add(join(folder, name));
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    if (this.#isOver || this.#watchers.size >= foldersMax) return;
    const watcher = watch(folder, (event, name) => {
      if (name !== null && !counts(name)) return;
      this.#soon();
      if (event !== 'rename') return;
      // A name came or went: there may be a folder of that name, another one than before.
      if (name !== null) this.#forgetBelow(join(folder, name));
      detached(this.#addIfThere(folder), () => {});
    });
    watcher.on('error', () => this.#forget(folder));
    this.#watchers.set(folder, watcher);
  }

  /** Rejects when the folder has gone. */
  async #addIfThere(folder: string): Promise<void> {
    try {
      await this.add(folder);
    } catch (error) {
      this.#forget(folder);
      throw error;
    }
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #forgetBelow(path: string): void {
    for (const folder of [...this.#watchers.keys()]) {
      if (folder === path || folder.startsWith(path + sep)) this.#forget(folder);
    }
  }

  #soon(): void {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#changed, watchQuietMs);
  }
}

function counts(name: string): boolean {
  return name !== 'node_modules' && !name.startsWith('.');
}

/** The system has a limit for all that its user watches; a function of more folders than this is none. */
const foldersMax = 1_000;
