import type { Clock } from '../../src/env/clock.ts';
import {
  type FoundObject,
  type ObjectPage,
  type ObjectPlace,
  type ObjectStore,
  ObjectStoreError,
  type StoredObject,
} from '../../src/env/object-store.ts';
import { isKey } from '../../src/objects/object-names.ts';

/** What becomes of a put: it is stored or not, and that is answered or not. */
export type PutFate = 'stored' | 'stored, and its answer is lost' | 'lost';

/** A store of objects in memory, which does with each put as it is told. */
export class ObjectsInMemory implements ObjectStore {
  readonly objects = new Map<string, Buffer>();
  /** Of all puts, in order: `bucket/key`. */
  readonly puts: string[] = [];
  readonly #clock: Clock;
  /** Asked for every put. */
  fateOf: (name: string) => PutFate = () => 'stored';
  delayOf: () => number = () => 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async put(place: ObjectPlace, bytes: readonly Uint8Array[]): Promise<StoredObject> {
    const { bucket, key } = place;
    if (!isKey(key)) throw new ObjectStoreError(`no object can be called ${key}`, 'InvalidArgument', false);
    const name = `${bucket}/${key}`;
    this.puts.push(name);
    const fate = this.fateOf(name);
    const delay = this.delayOf();
    if (delay > 0) await this.#clock.sleep(delay);
    if (fate === 'lost') throw unreachable();
    const body = Buffer.concat(bytes);
    this.objects.set(name, body);
    if (fate !== 'stored') throw unreachable();
    return { etag: 'e', bytes: body.length };
  }

  async get({ bucket, key }: ObjectPlace): Promise<FoundObject | undefined> {
    const body = this.objects.get(`${bucket}/${key}`);
    return body && { etag: 'e', bytes: body.length, body };
  }

  async head(place: ObjectPlace): Promise<StoredObject | undefined> {
    return await this.get(place);
  }

  async list(): Promise<ObjectPage> {
    return { objects: [], isTruncated: false };
  }

  async delete({ bucket, key }: ObjectPlace): Promise<void> {
    this.objects.delete(`${bucket}/${key}`);
  }
}

function unreachable(): ObjectStoreError {
  return new ObjectStoreError('The store does not answer.', 'Unreachable', true);
}
