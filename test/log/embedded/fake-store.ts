import { createHash } from 'node:crypto';
import {
  type ByteRange,
  type FoundObject,
  type FoundRange,
  type ListRequest,
  type ObjectPage,
  type ObjectPlace,
  type ObjectStore,
  ObjectStoreError,
  type PutHow,
  type StoredObject,
} from '../../../src/env/object-store.ts';

type StoreCallKind = 'put' | 'get' | 'head' | 'list' | 'delete';
export type StoreCall = { readonly kind: StoreCallKind; readonly key: string; readonly index: number };

/**
 * What becomes of a call: it is refused for now, it is done and its answer lost, it is never answered, or the
 * process ends before it is done, or after.
 */
export type StoreFate = 'refused' | 'lost' | 'silent' | 'crash' | 'crash after' | undefined;

/** A store in memory, of one bucket, that outlives those who ask it. */
export class FakeStore implements ObjectStore {
  readonly objects: Map<string, Buffer>;
  fate: (call: StoreCall) => StoreFate = () => undefined;
  /** Changes what is answered. */
  lie: (key: string, body: Buffer) => Buffer = (_, body) => body;
  calls = 0;
  /** Resolves when the process ended at a call. */
  readonly crashed: Promise<void>;
  readonly #crash: () => void;
  #isDead = false;

  constructor(objects = new Map<string, Buffer>()) {
    this.objects = objects;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.crashed = promise;
    this.#crash = resolve;
  }

  /** The same store, as the next process has it. This one answers no more. */
  nextProcess(): FakeStore {
    this.#isDead = true;
    return new FakeStore(this.objects);
  }

  /** Another store with the same in it, as a process has it. */
  copy(): FakeStore {
    return new FakeStore(new Map(this.objects));
  }

  get keys(): string[] {
    return [...this.objects.keys()].sort();
  }

  put({ key }: ObjectPlace, pieces: readonly Uint8Array[], how: PutHow = {}): Promise<StoredObject> {
    const bytes = Buffer.concat(pieces);
    return this.#call('put', key, () => {
      const there = this.objects.get(key);
      const isRefused =
        (how.ifNone === true && there !== undefined) ||
        (how.ifMatch !== undefined && (there === undefined || etagOf(there) !== how.ifMatch));
      if (isRefused) throw new ObjectStoreError('PreconditionFailed', 'PreconditionFailed', false);
      this.objects.set(key, bytes);
      return storedOf(bytes);
    });
  }

  get(place: ObjectPlace, range?: undefined, signal?: AbortSignal): Promise<FoundObject | undefined>;
  get(place: ObjectPlace, range: ByteRange, signal?: AbortSignal): Promise<FoundRange | undefined>;
  get({ key }: ObjectPlace, range?: ByteRange, signal?: AbortSignal): Promise<FoundObject | undefined> {
    return this.#call(
      'get',
      key,
      () => {
        const bytes = this.objects.get(key);
        if (bytes === undefined) return undefined;
        const body = Buffer.from(this.lie(key, bytes).subarray(range?.start, range?.end));
        return { ...storedOf(bytes), body };
      },
      signal,
    );
  }

  head({ key }: ObjectPlace): Promise<StoredObject | undefined> {
    return this.#call('head', key, () => {
      const bytes = this.objects.get(key);
      return bytes && storedOf(bytes);
    });
  }

  list(_bucket: string, { prefix, after = '', max = 2 }: ListRequest): Promise<ObjectPage> {
    return this.#call('list', prefix, () => {
      const found = this.keys.filter((key) => key.startsWith(prefix) && key > after);
      const objects = found.slice(0, max).map((key) => ({ key, ...storedOf(this.objects.get(key)!) }));
      return { objects, isTruncated: found.length > max };
    });
  }

  delete({ key }: ObjectPlace): Promise<void> {
    return this.#call('delete', key, () => void this.objects.delete(key));
  }

  async #call<T>(kind: StoreCallKind, key: string, effect: () => T, signal?: AbortSignal): Promise<T> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#isDead) return new Promise<never>(() => {});
    const fate = this.fate({ kind, key, index: this.calls++ });
    if (fate === 'silent') return silence(signal);
    if (fate === 'refused') throw new ObjectStoreError('SlowDown', 'SlowDown', true);
    const answer = fate === 'crash' ? undefined : effect();
    if (fate === 'lost') throw new ObjectStoreError('no answer', 'Unreachable', true);
    if (fate === undefined) return answer as T;
    this.#isDead = true;
    this.#crash();
    return new Promise<never>(() => {});
  }
}

function silence(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal?.aborted) reject(signal.reason);
  signal?.addEventListener('abort', () => reject(signal.reason));
  return promise;
}

function storedOf(bytes: Buffer): StoredObject {
  return { etag: etagOf(bytes), bytes: bytes.length };
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
