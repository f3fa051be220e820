import { dirname } from 'node:path';
import type { Millis } from '../../env/clock.ts';
import type { Disk } from '../../env/disk.ts';
import { StartError } from '../../env/start-error.ts';
import { StateFile } from '../state-file.ts';
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
  readonly #file: StateFile<Saved>;
  readonly #ends: Ends;

  /** Rejects with `StartError` when the file is of another copy, or cannot be read. */
  static async load(request: CopyRequest, diskAt: (path: string) => Disk, now: Millis): Promise<CopyState> {
    const file = new StateFile(request.state, diskAt(dirname(request.state)), isSaved);
    const ends = {
      from: request.from.endpoint,
      stream: request.stream,
      to: request.to.endpoint,
      as: request.as,
    };
    const saved = await file.read();
    if (saved === undefined) return new CopyState(file, ends, now, new Map());
    const isOfThese = Object.entries(ends).every(([name, value]) => saved.ends[name as keyof Ends] === value);
    if (!isOfThese) throw new StartError(`${request.state} is of another copy: remove it, or name another`);
    return new CopyState(file, ends, saved.began, new Map(Object.entries(saved.shards)));
  }

  private constructor(file: StateFile<Saved>, ends: Ends, began: Millis, shards: Map<string, ShardState>) {
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

function isSaved(saved: Partial<Saved>): saved is Saved {
  return saved.version === 1 && saved.ends !== undefined;
}

type Saved = {
  readonly version: 1;
  readonly ends: Ends;
  readonly began: Millis;
  readonly shards: Readonly<Record<string, ShardState>>;
};
