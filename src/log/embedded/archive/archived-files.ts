import type { Clock } from '../../../env/clock.ts';
import type { File } from '../../../env/disk.ts';
import { ArchiveError } from '../../log.ts';
import { segmentNumber } from '../segment.ts';
import type { ArchiveStore } from './archive-store.ts';
import type { ArchivedSegments } from './archived-segments.ts';

/**
 * Which paths stand for segments that are archived. What reads a segment is given a file, and need not know
 * where it lies.
 */
export class ArchivedFiles {
  readonly #clock: Clock | undefined;
  readonly #store: ArchiveStore | undefined;
  /** By the directory of their stream. */
  readonly #streams = new Map<string, Archived>();

  /** Without a store nothing that is archived can be read. */
  constructor(clock: Clock | undefined, store: ArchiveStore | undefined) {
    this.#clock = clock;
    this.#store = store;
  }

  include(stream: string, directory: string, segments: ArchivedSegments): void {
    this.#streams.set(directory, { stream, segments });
  }

  exclude(directory: string): void {
    this.#streams.delete(directory);
  }

  has(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  /**
   * The archived segment that a path stands for; undefined for all that is on the disk. Throws `ArchiveError`
   * without a store.
   */
  fileAt(path: string): File | undefined {
    const found = this.#find(path);
    if (found === undefined) return undefined;
    if (this.#store === undefined)
      throw new ArchiveError(`${path} is in an archive, and no archive was named.`);
    return this.#store.segmentFile(path, found.stream, found.segments.entry(found.number), this.#clock!);
  }

  #find(path: string): (Archived & { readonly number: number }) | undefined {
    if (this.#streams.size === 0) return undefined;
    const slash = path.lastIndexOf('/');
    const number = segmentNumber(path.slice(slash + 1));
    const archived = this.#streams.get(path.slice(0, slash));
    if (number === undefined || archived?.segments.has(number) !== true) return undefined;
    return { ...archived, number };
  }
}

type Archived = { readonly stream: string; readonly segments: ArchivedSegments };
