import { basename } from 'node:path';
import { type Disk, isSystemError, readFile, removeIfThere } from '../env/disk.ts';
import { StartError } from '../env/start-error.ts';

/** How far something has come, in JSON: a file that is replaced as a whole. */
export class StateFile<Saved extends object> {
  readonly #path: string;
  readonly #name: string;
  readonly #disk: Disk;
  readonly #isSaved: (read: Partial<Saved>) => read is Saved;
  #written: Promise<void> = Promise.resolve();

  /** `disk` is the folder that the path names, `isSaved` says whether what was read is such a state. */
  constructor(path: string, disk: Disk, isSaved: (read: Partial<Saved>) => read is Saved) {
    this.#path = path;
    this.#name = basename(path);
    this.#disk = disk;
    this.#isSaved = isSaved;
  }

  /** Undefined where there is none. Rejects with `StartError` when it cannot be read. */
  async read(): Promise<Saved | undefined> {
    try {
      const saved: Partial<Saved> = JSON.parse(String(await readFile(this.#disk, this.#name)));
      if (!this.#isSaved(saved)) throw new Error('it is of something else');
      return saved;
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return undefined;
      throw new StartError(`cannot read ${this.#path}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** One after the other. Resolves once it survives a power cut. */
  write(saved: Saved): Promise<void> {
    const replace = () => this.#replace(saved);
    this.#written = this.#written.then(replace, replace);
    return this.#written;
  }

  async #replace(saved: Saved): Promise<void> {
    const fresh = `${this.#name}.new`;
    await removeIfThere(this.#disk, fresh);
    const file = await this.#disk.open(fresh, 'create');
    try {
      await file.write([Buffer.from(`${JSON.stringify(saved, undefined, 1)}\n`)], 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await this.#disk.rename(fresh, this.#name);
  }
}
