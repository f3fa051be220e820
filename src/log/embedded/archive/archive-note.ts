import { type Disk, readFile } from '../../../env/disk.ts';
import { DamagedError, NewerFormatError } from '../../log.ts';
import type { EngineParts } from '../engine-parts.ts';
import { decoded } from '../format/decoded.ts';
import { replaceFile } from '../write/new-file.ts';
import { cutOff, durableFile } from '../write/open-segment.ts';
import {
  type ArchivedSegment,
  type ArchiveEntry,
  decodeForgotten,
  encodeEntry,
  entryAt,
  type FoundEntry,
  hasEntryFrom,
  isKnownEntry,
} from './archive-entry.ts';
import { ArchivedSegments } from './archived-segments.ts';

/** The file in a stream's directory that says which of its segments are archived. */
export const archiveNoteName = 'archived';

/** What the file says: its whole entries end at `end`, and what follows was never acted upon. */
type NoteRead = { readonly segments: ArchivedSegments; readonly end: number; readonly bytes: number };

/**
 * What the note of a stream says, given the names in its directory. Throws `DamagedError` when it is not what
 * was written, and `NewerFormatError`.
 */
export async function readArchiveNote(
  disk: Disk,
  directory: string,
  names: readonly string[],
): Promise<NoteRead> {
  const segments = new ArchivedSegments(directory);
  if (!names.includes(archiveNoteName)) return { segments, end: 0, bytes: 0 };
  const path = `${directory}/${archiveNoteName}`;
  const bytes = await readFile(disk, path);
  let end = 0;
  for (let found = entryAt(bytes, 0); found !== undefined; found = entryAt(bytes, end)) {
    take(segments, found, bytes.subarray(end, found.end), path);
    ({ end } = found);
  }
  if (hasEntryFrom(bytes, end)) throw new DamagedError(`${path}: damaged at byte ${end}.`);
  return { segments, end, bytes: bytes.length };
}

function take(segments: ArchivedSegments, found: FoundEntry, entry: Buffer, path: string): void {
  if (!isKnownEntry(found)) throw new NewerFormatError(`${path} was written by a newer Millrace.`);
  decoded(path, 'an entry', () => {
    if (found.kind === 'forgotten') segments.forget(decodeForgotten(found.body));
    else segments.addEntry(entry);
  });
}

/** The note of a stream that is open: its one writer. */
export class ArchiveNote {
  readonly segments: ArchivedSegments;
  readonly #engine: EngineParts;
  readonly #directory: string;
  readonly #forgotten: ArchivedSegment[] = [];
  /** Where the file ends; undefined while there is none. */
  #end: number | undefined;

  /** Cuts off what a crash tore. */
  static async open(engine: EngineParts, directory: string, names: readonly string[]): Promise<ArchiveNote> {
    const { segments, end, bytes } = await readArchiveNote(engine.env.disk, directory, names);
    const path = `${directory}/${archiveNoteName}`;
    if (end < bytes) {
      await engine.files.use(path, (file) => engine.makeDurable(path, () => cutOff(file, end)));
    }
    return new ArchiveNote(engine, directory, segments, names.includes(archiveNoteName) ? end : undefined);
  }

  private constructor(
    engine: EngineParts,
    directory: string,
    segments: ArchivedSegments,
    end: number | undefined,
  ) {
    this.#engine = engine;
    this.#directory = directory;
    this.segments = segments;
    this.#end = end;
  }

  get isBegun(): boolean {
    return this.#end !== undefined;
  }

  /**
   * Makes the file, durably, when there is none: before anything of the stream is put into a store, so that
   * whoever drops the stream knows that there may be something.
   */
  async begin(): Promise<void> {
    if (this.#end === undefined) await this.#write([]);
  }

  /** The segment's object is whole; its file may go once this resolves. Rejects with the system's error. */
  async add(segment: ArchivedSegment): Promise<void> {
    await this.#append({ kind: 'archived', segment });
    this.segments.add(segment);
  }

  /** No record of these, the oldest ones, is readable; their objects may go once this resolves. */
  async forget(gone: readonly ArchivedSegment[]): Promise<void> {
    const { number } = gone.at(-1)!;
    await this.#append({ kind: 'forgotten', number });
    this.segments.forget(number);
    this.#forgotten.push(...gone);
    if (this.#end! > compactBytesMin && this.segments.entryBytes * 2 < this.#end!) {
      await this.#write([this.segments.entries()]);
    }
  }

  /** Those that were forgotten since this was asked last: their objects are to be removed. */
  takeForgotten(): readonly ArchivedSegment[] {
    return this.#forgotten.splice(0);
  }

  get #path(): string {
    return `${this.#directory}/${archiveNoteName}`;
  }

  async #append(entry: ArchiveEntry): Promise<void> {
    await this.begin();
    const bytes = encodeEntry(entry);
    await durableFile(this.#engine, this.#path).write([bytes], this.#end!);
    this.#end! += bytes.length;
  }

  /** Writes the file anew. Of the old one and the new one both are true. */
  async #write(buffers: readonly Buffer[]): Promise<void> {
    await this.#engine.files.forget(this.#path);
    await replaceFile(this.#engine, this.#directory, archiveNoteName, buffers);
    this.#end = buffers.reduce((sum, { length }) => sum + length, 0);
  }
}

const compactBytesMin = 64 * 1024;
