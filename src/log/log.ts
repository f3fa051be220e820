import type { Millis } from '../env/clock.ts';
import type { Offset, RecordBatch, StoredBatch } from '../kinesis/record.ts';
import type { DataKey } from './data-keys.ts';
import type { Encryption } from './encryption.ts';

/** Names one shard's log. `stream` is the stream's id, unique over all that ever had its name. */
export type ShardKey = { readonly stream: string; readonly shard: number };

/** A storage engine: a family of shard logs. */
export interface Log {
  /**
   * The log of a shard, empty when nothing was ever appended. The same object for the same key until it is
   * dropped, unless the engine is in another thread: then it stands as it stood when it was asked for, and
   * who only wants to append says so and does not wait for that.
   */
  open(key: ShardKey, use?: 'append'): Promise<ShardLog>;
  /**
   * Forgets all shards of a stream and frees what they hold. Its open logs refuse from now on. No error when
   * there are none.
   */
  drop(stream: string): Promise<void>;
  /** Waits for rounds under way, then lets go of everything. */
  close(): Promise<void>;
}

/** One shard's records, in order: append at the end, read anywhere, trim from the start. */
export interface ShardLog {
  /** The oldest readable offset. Only grows. */
  readonly start: Offset;
  /** The offset after the last durable record. Only grows; past a record only once it is durable. */
  readonly end: Offset;
  /** The latest arrival time of a durable record, −Infinity when there never was one. */
  readonly lastArrival: Millis;
  /**
   * Resolves once all of the batch survives a power cut. Batches of a shard get their offsets in the order of
   * the calls, and arrival times that never go back. Rejects with `SealedError` after `seal`, with
   * `DroppedError` after `drop`, with `OverloadedError` when too much waits already, with `DiskReserveError`
   * when the disk is nearly full, with `DamagedError` once a read met damage, and with the system's error
   * when it could not be written; what was rejected is never readable. The batch's buffer is the log's from
   * the call on.
   */
  append(batch: NewBatch): Promise<Appended>;
  /**
   * Batches from the one that holds `from` on (the first may begin before it), in order and without a gap,
   * until the records from `from` on reach a limit; at least one batch when there is one. Empty at the end. A
   * `from` below `start` reads from `start`.
   */
  read(from: Offset, limit: ReadLimit): Promise<LoggedBatch[]>;
  /** The first offset whose record arrived at or after `time`, at least `start`; `end` when there is none. */
  seek(time: Millis): Promise<Offset>;
  /**
   * Forgets the records before an offset; never more than up to `end`. Space comes back when the engine can.
   */
  trim(before: Offset): Promise<void>;
  /** Refuses appends for good, across restarts, and answers the final end. Repeating it is harmless. */
  seal(): Promise<Offset>;
  /**
   * Resolves when `end` is past an offset, the log is sealed or dropped, or the signal is aborted. Never
   * rejects.
   */
  grown(past: Offset, signal: AbortSignal): Promise<void>;
}

/**
 * A batch on its way in. With a key its bytes are encrypted with it (`encryptBatch`), and the log never reads
 * them.
 */
export type NewBatch = RecordBatch & { readonly key?: DataKey | undefined };

/** A batch as the log holds it: `decryptBatches` decrypts those that are encrypted. */
export type LoggedBatch = StoredBatch & { readonly encryption?: Encryption | undefined };

/** The offset of a batch's first record, and when the batch arrived. */
export type Appended = { readonly first: Offset; readonly arrival: Millis };

/** `bytes` counts the batches' buffers. */
export type ReadLimit = { readonly records: number; readonly bytes: number };

/** The shard takes no more records: it was split or merged. */
export class SealedError extends Error {
  override readonly name = 'SealedError';
}

/** The shard's stream was deleted. */
export class DroppedError extends Error {
  override readonly name = 'DroppedError';
}

/** More waits to be written than the engine holds. Nothing was written; later it may be. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
}

/**
 * What is left of the disk is kept for other things than records. Nothing was written; once there is room it
 * may be.
 */
export class DiskReserveError extends Error {
  override readonly name = 'DiskReserveError';
}

/** What is on the disk cannot be what was acknowledged. `message` says where, in one line. */
export class DamagedError extends Error {
  override readonly name: string = 'DamagedError';
}

/**
 * What is on the disk is of a version that is not known: it can no more be served than what is damaged, and
 * is left as it is. `message` says where.
 */
export class NewerFormatError extends DamagedError {
  override readonly name = 'NewerFormatError';
}

/** A data key is not to be had. `code` says why. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
  readonly code: KeyTrouble;

  constructor(message: string, code: KeyTrouble = 'unavailable') {
    super(message);
    this.code = code;
  }
}

/** What there is to say about a key; `unavailable` is for what nobody could find out. */
export type KeyTrouble = 'disabled' | 'denied' | 'missing' | 'pending deletion' | 'throttled' | 'unavailable';
