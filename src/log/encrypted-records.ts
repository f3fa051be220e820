import type { Millis } from '../env/clock.ts';
import type { Offset } from '../kinesis/record.ts';
import type { DataKeys, EncryptingKey } from './data-keys.ts';
import { decryptBatches, encryptBatch } from './encryption.ts';
import { inOnePiece } from './in-one-piece.ts';
import { KeyQueue } from './key-queue.ts';
import type { Appended, NewBatch, Position, ReadRequest, Records, ShardKey, Slice } from './log.ts';

/**
 * Records that are encrypted on their way in, where their stream is, and decrypted on their way out: what is
 * below holds no plaintext of them. Batches that were encrypted already pass. Appends reject with `KeyError`
 * when there is no key, or too much waits for keys already, and nothing was written then; reads do when a key
 * is not to be had.
 */
export class EncryptedRecords implements Records {
  readonly #records: Records;
  readonly #keys: DataKeys;
  /** By stream, the key that appends wait for, and all that come after them. */
  readonly #awaited = new Map<string, Promise<EncryptingKey | undefined>>();
  readonly #queue: KeyQueue;

  constructor(records: Records, keys: DataKeys, queue = new KeyQueue()) {
    this.#records = records;
    this.#keys = keys;
    this.#queue = queue;
  }

  append(shard: ShardKey, batch: NewBatch): Promise<Appended> {
    if (batch.key !== undefined) return this.#records.append(shard, batch);
    const { stream } = shard;
    const awaited = this.#awaited.size === 0 ? undefined : this.#awaited.get(stream);
    if (awaited !== undefined) return this.#appendAfter(awaited, shard, batch);
    let current: ReturnType<DataKeys['current']>;
    try {
      current = this.#keys.current(stream);
    } catch (error) {
      return Promise.reject(error);
    }
    if (!(current instanceof Promise)) return this.#append(shard, batch, current);
    this.#awaited.set(stream, current);
    // In the step before those that wait: none that comes later finds the key before they have it.
    const forget = () => this.#awaited.delete(stream);
    current.then(forget, forget);
    return this.#appendAfter(current, shard, batch);
  }

  async read(shard: ShardKey, request: ReadRequest): Promise<Slice> {
    const slice = await this.#records.read(shard, request);
    if (slice.batches.every(({ encryption }) => encryption === undefined)) return slice;
    const batches = await decryptBatches(slice.batches, shard, this.#keys);
    return { ...slice, batches: request.own === true ? inOnePiece(batches) : batches };
  }

  seek(shard: ShardKey, time: Millis): Promise<Offset> {
    return this.#records.seek(shard, time);
  }

  position(shard: ShardKey): Promise<Position> {
    return this.#records.position(shard);
  }

  grown(shard: ShardKey, past: Offset, signal: AbortSignal): Promise<void> {
    return this.#records.grown(shard, past, signal);
  }

  #appendAfter(
    awaited: Promise<EncryptingKey | undefined>,
    shard: ShardKey,
    batch: NewBatch,
  ): Promise<Appended> {
    const key = this.#queue.wait(awaited, batch.bytes.length);
    return key.then((current) => this.#append(shard, batch, current));
  }

  #append(shard: ShardKey, batch: NewBatch, current: EncryptingKey | undefined): Promise<Appended> {
    if (current === undefined) return this.#records.append(shard, batch);
    return this.#appendEncrypted(shard, batch, current);
  }

  async #appendEncrypted(shard: ShardKey, batch: NewBatch, current: EncryptingKey): Promise<Appended> {
    const encrypted = encryptBatch(batch, current, shard);
    const { sizes } = batch;
    const counted = sizes === undefined ? encrypted : { ...encrypted, sizes };
    const { first, arrival } = await this.#records.append(shard, counted);
    return { first, arrival, keyArn: current.key.arn };
  }
}
