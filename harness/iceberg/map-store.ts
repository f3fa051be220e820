import { createHash } from 'node:crypto';
import {
  type FoundObject,
  type ListRequest,
  type ObjectPage,
  type ObjectPlace,
  type ObjectStore,
  ObjectStoreError,
  type PutHow,
  type StoredObject,
} from '../../src/env/object-store.ts';

/**
 * What becomes of a call. `refused`: nothing is done, and nobody answers. `lost`: it is done, and nobody
 * answers. `late`: nobody answers, and it is done after the next call, if it then still may be.
 */
export type StoreFate = 'answered' | 'refused' | 'lost' | 'late';

/**
 * A store of objects in a map, with S3's conditions, which does not try again: what its network does to a
 * call is what the caller sees.
 */
export class MapStore implements ObjectStore {
  readonly objects = new Map<string, Buffer>();
  fate: (method: string, key: string) => StoreFate = () => 'answered';
  /** Whether two conditional writes may both win, as with stores that look before they put. */
  isCareless = false;
  #late: (() => void)[] = [];

  async put(place: ObjectPlace, bytes: readonly Uint8Array[], how: PutHow = {}): Promise<StoredObject> {
    const body = Buffer.concat(bytes);
    const store = () => this.#store(pathOf(place), body, how);
    const mayPut = () => this.isCareless || this.#mayPut(pathOf(place), how);
    return await this.#played('put', place.key, () => {
      if (!mayPut()) throw new ObjectStoreError(`${place.key} is there`, 'PreconditionFailed', false);
      return store();
    });
  }

  async get(place: ObjectPlace): Promise<FoundObject | undefined> {
    return await this.#played('get', place.key, () => {
      const body = this.objects.get(pathOf(place));
      return body === undefined ? undefined : { ...storedOf(body), body };
    });
  }

  async head(place: ObjectPlace): Promise<StoredObject | undefined> {
    const body = this.objects.get(pathOf(place));
    return body === undefined ? undefined : storedOf(body);
  }

  async list(bucket: string, { prefix, after = '', max = 1000 }: ListRequest): Promise<ObjectPage> {
    const keys = [...this.objects.keys()]
      .filter((path) => path.startsWith(`${bucket}/${prefix}`))
      .map((path) => path.slice(bucket.length + 1))
      .filter((key) => key > after)
      .sort();
    const objects = keys
      .slice(0, max)
      .map((key) => ({ key, ...storedOf(this.objects.get(`${bucket}/${key}`)!) }));
    return { objects, isTruncated: keys.length > max };
  }

  async delete(place: ObjectPlace): Promise<void> {
    await this.#played('delete', place.key, () => void this.objects.delete(pathOf(place)));
  }

  async #played<Result>(method: string, key: string, act: () => Result): Promise<Result> {
    // Others get between any two calls.
    await Promise.resolve();
    const fate = this.fate(method, key);
    const late = this.#late.splice(0);
    try {
      if (fate === 'answered') return act();
      if (fate === 'lost') ignoring(act);
      if (fate === 'late') this.#late.push(() => ignoring(act));
    } finally {
      for (const one of late) one();
    }
    throw new ObjectStoreError(`${method} ${key} was not answered`, 'Unreachable', true);
  }

  #mayPut(path: string, { ifNone = false, ifMatch }: PutHow): boolean {
    const there = this.objects.get(path);
    if (ifMatch !== undefined) return there !== undefined && storedOf(there).etag === ifMatch;
    return !ifNone || there === undefined;
  }

  #store(path: string, body: Buffer, _how: PutHow): StoredObject {
    this.objects.set(path, body);
    return storedOf(body);
  }
}

function ignoring(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
  }
}

function pathOf({ bucket, key }: ObjectPlace): string {
  return `${bucket}/${key}`;
}

function storedOf(body: Buffer): StoredObject {
  return { etag: `"${createHash('md5').update(body).digest('hex')}"`, bytes: body.length };
}
