import { Bounded } from '../../env/bounded.ts';
import { bytesAt, type Disk, type File, readWith } from '../../env/disk.ts';
import type {
  ByteRange,
  FoundObject,
  FoundRange,
  ListRequest,
  ObjectPage,
  ObjectPlace,
  ObjectStore,
  PutHow,
  StoredObject,
} from '../../env/object-store.ts';
import { hasDots, requireBucketName, requireNames, requireToFit } from '../object-names.ts';
import { type Tries, tryAgain } from '../tries.ts';
import { etagOfBytes, etagOfFile } from './etag.ts';
import { partBytesMax, pathOf } from './file-names.ts';
import { FilePut } from './file-put.ts';
import { FileTurns } from './file-turns.ts';
import { sortedKeys } from './sorted-keys.ts';
import { requireBucket, whereThere } from './where-there.ts';

/**
 * A store in a directory of the machine: its folders are the buckets, and an object is a file under its key.
 * An object is under its name only when it is whole, and durable when a put resolves. ETags are the MD5 of
 * the bytes, as those of S3 mostly are. Conditions hold between processes, too, but for one: a put without
 * any condition, of another process, is not seen by one with `ifMatch` that has already compared.
 */
export class DirectoryStore implements ObjectStore {
  readonly partBytesMax = partBytesMax;
  readonly #disk: Disk;
  readonly #tries: Tries;
  readonly #turns = new FileTurns();
  /** Folders that are known to be there after a power cut. */
  readonly #folders = new Bounded<string, boolean>(foldersMax);

  constructor(world: Omit<Tries, 'triesMax'> & { readonly disk: Disk }, triesMax: number) {
    this.#disk = world.disk;
    this.#tries = { clock: world.clock, random: world.random, triesMax };
  }

  async put(
    place: ObjectPlace,
    bytes: readonly Uint8Array[],
    how: PutHow = {},
    signal?: AbortSignal,
  ): Promise<StoredObject> {
    requireNames(place);
    const parts = { ...this.#tries, disk: this.#disk, turns: this.#turns, folders: this.#folders };
    const put = new FilePut(parts, place, bytes, how);
    return await tryAgain(this.#tries, () => put.attempt(), signal);
  }

  get(place: ObjectPlace, range?: undefined, signal?: AbortSignal): Promise<FoundObject | undefined>;
  get(place: ObjectPlace, range: ByteRange, signal?: AbortSignal): Promise<FoundRange | undefined>;
  async get(
    place: ObjectPlace,
    range?: ByteRange,
    signal?: AbortSignal,
  ): Promise<FoundObject | FoundRange | undefined> {
    requireNames(place);
    return await this.#read(place, signal, async (file) => {
      const bytes = await file.size();
      const start = Math.min(bytes, range?.start ?? 0);
      const end = Math.max(start, Math.min(bytes, range?.end ?? bytes));
      requireToFit(end - start, place);
      const body = await bytesAt(file, start, end - start);
      if (range !== undefined) return { bytes, body };
      return { bytes, body, etag: await etagOfBytes([body], this.#tries.clock) };
    });
  }

  async head(place: ObjectPlace, signal?: AbortSignal): Promise<StoredObject | undefined> {
    requireNames(place);
    return await this.#read(place, signal, async (file) => ({
      etag: await etagOfFile(file),
      bytes: await file.size(),
    }));
  }

  async list(bucket: string, request: ListRequest, signal?: AbortSignal): Promise<ObjectPage> {
    requireBucketName(bucket);
    return await tryAgain(this.#tries, () => this.#list(bucket, request), signal);
  }

  async delete(place: ObjectPlace, signal?: AbortSignal): Promise<void> {
    requireNames(place);
    const path = `${place.bucket}/${pathOf(place.key)}`;
    await tryAgain(this.#tries, () => this.#turns.take(path, () => this.#remove(path)), signal);
  }

  async #list(bucket: string, { prefix, after = '', max = pageMax }: ListRequest): Promise<ObjectPage> {
    await requireBucket(this.#disk, bucket);
    const parentKey = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    // No key is like that, and it would lead out of the bucket.
    if (hasDots(parentKey)) return { objects: [], isTruncated: false };
    const folder = parentKey === '' ? bucket : `${bucket}/${pathOf(parentKey.slice(0, -1))}`;
    const objects: { key: string; bytes: number }[] = [];
    for await (const { key, path } of sortedKeys(this.#disk, folder, parentKey, after)) {
      if (!key.startsWith(prefix)) continue;
      if (objects.length === Math.min(max, pageMax)) return { objects, isTruncated: true };
      const bytes = await this.#sizeOf(path);
      if (bytes !== undefined) objects.push({ key, bytes });
    }
    return { objects, isTruncated: false };
  }

  async #sizeOf(path: string): Promise<number | undefined> {
    return await whereThere(() => readWith(this.#disk, path, (file) => file.size()));
  }

  async #remove(path: string): Promise<void> {
    const isGone = await whereThere(() => this.#disk.remove(path).then(() => true));
    if (isGone === undefined) return;
    await this.#disk.syncDirectory(path.slice(0, path.lastIndexOf('/')));
  }

  #read<T>(
    { bucket, key }: ObjectPlace,
    signal: AbortSignal | undefined,
    work: (file: File) => Promise<T>,
  ): Promise<T | undefined> {
    const path = `${bucket}/${pathOf(key)}`;
    const attempt = async () => {
      const found = await whereThere(() =>
        readWith(this.#disk, path, async (file) => {
          // A folder can be opened, and not be read.
          await bytesAt(file, 0, 1);
          return { value: await work(file) };
        }),
      );
      if (found === undefined) await requireBucket(this.#disk, bucket);
      return found?.value;
    };
    return tryAgain(this.#tries, attempt, signal);
  }
}

/** Of one page of a list (S3 API reference, ListObjectsV2). */
const pageMax = 1000;
const foldersMax = 10_000;
