import { basename, dirname } from 'node:path';
import type { Millis } from '../../env/clock.ts';
import { type Disk, isSystemError, readFile, removeIfThere } from '../../env/disk.ts';
import { StartError } from '../../env/start-error.ts';
import type { CopyRequest } from './copy-request.ts';
import type { Positions } from './target.ts';

/** How far a shard of the source was copied. */
export type ShardState = {
  /** The last record that is at the target for certain; undefined before the first. */
  readonly sequence?: string;
  /**
   * Where the target was then: what was put of this shard's later records is behind. Undefined: behind where
   * the target was when the copy began.
   */
  readonly mark?: Positions;
  readonly isFinished?: boolean;
};

/** How far a copy has come. A file keeps it, so that another run goes on there. */
export class CopyState {
  readonly began: Millis;
  readonly shards: Map<string, ShardState>;
  readonly #file: StateFile;
  readonly #ends: Ends;

  /** Rejects with `StartError` when the file is of another copy, or cannot be read. */
  static async load(request: CopyRequest, diskAt: (path: string) => Disk, now: Millis): Promise<CopyState> {
    const file = new StateFile(request.state, diskAt(dirname(request.state)));
    const ends = { from: request.from.place, stream: request.stream, to: request.to.place, as: request.as };
    const saved = await file.read();
    if (saved === undefined) return new CopyState(file, ends, now, new Map());
    const isOfThese = Object.entries(ends).every(([name, value]) => saved.ends[name as keyof Ends] === value);
    if (!isOfThese) throw new StartError(`${request.state} is of another copy: remove it, or name another`);
    return new CopyState(file, ends, saved.began, new Map(Object.entries(saved.shards)));
  }

  private constructor(file: StateFile, ends: Ends, began: Millis, shards: Map<string, ShardState>) {
    this.#file = file;
    this.#ends = ends;
    this.began = began;
    this.shards = shards;
  }

  /** Whether it was begun by an earlier run. */
  get isBegun(): boolean {
    return this.shards.size > 0;
  }

  finished(): ReadonlySet<string> {
    return new Set([...this.shards].filter(([, { isFinished }]) => isFinished).map(([shard]) => shard));
  }

  /** Resolves once the file has it all. */
  save(): Promise<void> {
    const { began, shards } = this;
    return this.#file.write({ version: 1, ends: this.#ends, began, shards: Object.fromEntries(shards) });
  }
}

type Ends = { readonly from: string; readonly stream: string; readonly to: string; readonly as: string };

type Saved = {
  readonly version: 1;
  readonly ends: Ends;
  readonly began: Millis;
  readonly shards: Readonly<Record<string, ShardState>>;
};

/** A file that is replaced as a whole. */
class StateFile {
  readonly #path: string;
  readonly #name: string;
  readonly #disk: Disk;
  #written: Promise<void> = Promise.resolve();

  constructor(path: string, disk: Disk) {
    this.#path = path;
    this.#name = basename(path);
    this.#disk = disk;
  }

  async read(): Promise<Saved | undefined> {
    try {
      const saved: Saved = JSON.parse(String(await readFile(this.#disk, this.#name)));
      if (saved.version !== 1 || saved.ends === undefined) throw new Error('it says nothing of a copy');
      return saved;
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return undefined;
      throw new StartError(`cannot read ${this.#path}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** One after the other. */
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
