import type { Millis } from '../env/clock.ts';
import type { Offset } from '../kinesis/record.ts';
import type { DataKeys, EncryptingKey } from './data-keys.ts';
import { EncryptedRecords } from './encrypted-records.ts';
import { decryptBatches } from './encryption.ts';
import { inOnePiece } from './in-one-piece.ts';
import {
  type Appended,
  DamagedError,
  type Engine,
  type LoggedBatch,
  type NewBatch,
  type Position,
  type ReadRequest,
  type ShardKey,
  type Slice,
  type StreamNeeds,
} from './log.ts';

/** Keys of logs that are encrypted always. */
export interface EveryKey extends DataKeys {
  current(stream: string): EncryptingKey | Promise<EncryptingKey>;
}

/**
 * An engine of which all records are encrypted: what is below holds no plaintext, and a record that lies
 * there in plain was not written by it, which is a `DamagedError`. Besides, it rejects as `EncryptedRecords`
 * does.
 */
export class EncryptedEngine implements Engine {
  readonly #engine: Engine;
  readonly #keys: EveryKey;
  readonly #records: EncryptedRecords;

  constructor(engine: Engine, keys: EveryKey) {
    this.#engine = engine;
    this.#keys = keys;
    this.#records = new EncryptedRecords(engine, keys);
  }

  get writer(): string | undefined {
    return this.#engine.writer;
  }

  prepare(stream: string, needs: StreamNeeds): Promise<void> {
    return this.#engine.prepare(stream, needs);
  }

  append(key: ShardKey, batch: NewBatch): Promise<Appended> {
    return this.#records.append(key, batch);
  }

  async read(key: ShardKey, request: ReadRequest): Promise<Slice> {
    const slice = await this.#engine.read(key, request);
    const plain = slice.batches.find(({ encryption }) => encryption === undefined);
    if (plain !== undefined) throw inPlain(plain, key);
    const batches = await decryptBatches(slice.batches, key, this.#keys);
    return { ...slice, batches: request.own === true ? inOnePiece(batches) : batches };
  }

  seek(key: ShardKey, time: Millis): Promise<Offset> {
    return this.#engine.seek(key, time);
  }

  position(key: ShardKey): Promise<Position> {
    return this.#engine.position(key);
  }

  grown(key: ShardKey, past: Offset, signal: AbortSignal): Promise<void> {
    return this.#engine.grown(key, past, signal);
  }

  seal(key: ShardKey): Promise<Offset> {
    return this.#engine.seal(key);
  }

  trim(key: ShardKey, before: Offset): Promise<void> {
    return this.#engine.trim(key, before);
  }

  drop(stream: string): Promise<void> {
    return this.#engine.drop(stream);
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}

/** What records in plain are, where everything is encrypted. */
export function inPlain(
  { first, count }: Pick<LoggedBatch, 'first' | 'count'>,
  { stream, shard }: ShardKey,
): DamagedError {
  const records = `records ${first} to ${first + count - 1} of shard ${shard} of ${stream}`;
  return new DamagedError(`${records} are in plain, and everything there is encrypted.`);
}
