import type { Clock, Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import type { File } from '../../../env/disk.ts';
import type {
  ByteRange,
  FoundObject,
  FoundRange,
  ListRequest,
  ObjectPage,
  ObjectStore,
  PutHow,
  StoredObject,
} from '../../../env/object-store.ts';
import { ObjectStoreError } from '../../../env/object-store.ts';
import { ArchiveError } from '../../log.ts';
import type { ArchivedSegment } from './archive-entry.ts';
import { ObjectFile } from './object-file.ts';
import { type ArchivePlace, placeText, segmentObject } from './object-names.ts';

/** Where old segments go, and when their records are old enough. */
export type ArchiveOptions = { readonly store: ArchiveStore; readonly afterMs: Millis };

export type SizedObject = { readonly name: string; readonly bytes: number };

/** The objects of one archive, by their names below its prefix. Rejects as the store does. */
export class ArchiveStore {
  readonly place: ArchivePlace;
  readonly #store: ObjectStore;

  constructor({ store, place }: { readonly store: ObjectStore; readonly place: ArchivePlace }) {
    this.#store = store;
    this.place = place;
  }

  put(name: string, pieces: readonly Uint8Array[], how: PutHow, signal?: AbortSignal): Promise<StoredObject> {
    return this.#store.put(this.#placeOf(name), pieces, how, signal);
  }

  get(name: string, signal?: AbortSignal): Promise<FoundObject | undefined> {
    return this.#store.get(this.#placeOf(name), undefined, signal);
  }

  part(name: string, range: ByteRange, signal?: AbortSignal): Promise<FoundRange | undefined> {
    return this.#store.get(this.#placeOf(name), range, signal);
  }

  head(name: string, signal?: AbortSignal): Promise<StoredObject | undefined> {
    return this.#store.head(this.#placeOf(name), signal);
  }

  delete(name: string, signal?: AbortSignal): Promise<void> {
    return this.#store.delete(this.#placeOf(name), signal);
  }

  /** The names of all objects that begin so, in their order. */
  async *list(prefix: string, signal?: AbortSignal): AsyncGenerator<string> {
    for await (const { name } of this.sizes(prefix, signal)) yield name;
  }

  /** As `list`, with the lengths of the objects. */
  async *sizes(prefix: string, signal?: AbortSignal): AsyncGenerator<SizedObject> {
    const own = this.place.prefix;
    let request: ListRequest = { prefix: own + prefix };
    for (;;) {
      const page: ObjectPage = await this.#store.list(this.place.bucket, request, signal);
      for (const { key, bytes } of page.objects) yield { name: key.slice(own.length), bytes };
      const last = page.objects.at(-1);
      if (!page.isTruncated || last === undefined) return;
      request = { ...request, after: last.key };
    }
  }

  /** A segment of a stream, as those have it who read files; `path` is where it would be on the disk. */
  segmentFile(path: string, stream: string, segment: ArchivedSegment, clock: Clock): File {
    const name = segmentObject(stream, segment);
    return new ObjectFile(path, segment.bytes, (start, end) => readPart(this, name, { start, end }, clock));
  }

  /** For people. */
  textOf(name: string): string {
    return placeText(this.place) + name;
  }

  #placeOf(name: string): { readonly bucket: string; readonly key: string } {
    return { bucket: this.place.bucket, key: this.place.prefix + name };
  }
}

/**
 * A part of an object for a reader who waits: rejects with `ArchiveError` when it is not there, when the
 * store refuses, or does not answer in time.
 */
async function readPart(store: ArchiveStore, name: string, range: ByteRange, clock: Clock): Promise<Buffer> {
  let found: FoundRange | undefined;
  try {
    found = await inTime(clock, readMsMax, (signal) => store.part(name, range, signal));
  } catch (error) {
    if (!(error instanceof ObjectStoreError || error instanceof TooLateError)) throw error;
    throw new ArchiveError(`${store.textOf(name)} cannot be read: ${error.message}`, { cause: error });
  }
  if (found === undefined) throw new ArchiveError(`${store.textOf(name)} is not there.`);
  if (found.body.length === range.end - range.start) return found.body;
  throw new ArchiveError(
    `${store.textOf(name)} has ${found.body.length} bytes from ${range.start} to ${range.end}.`,
  );
}

/** Clients of AWS's SDKs wait for a minute; one that is told sooner tries again. */
const readMsMax: Millis = 10_000;

class TooLateError extends Error {
  override readonly name = 'TooLateError';
}

/** What `work` comes to; its signal is aborted when that takes too long. */
async function inTime<T>(clock: Clock, msMax: Millis, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const done = new AbortController();
  const timed = clock.sleep(msMax, done.signal).then(() => {
    if (!done.signal.aborted) late.abort(new TooLateError(`no answer in ${msMax / 1000} seconds`));
  });
  detached(timed, unthinkable);
  try {
    return await work(late.signal);
  } finally {
    done.abort();
  }
}
