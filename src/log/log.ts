import type { Millis } from '../env/clock.ts';
import type { Offset, RecordBatch, StoredBatch } from '../kinesis/record.ts';
import type { PlacingKey } from './data-keys.ts';
import type { Encryption } from './encryption.ts';

/** Names one shard's log. `stream` is the stream's id, unique over all that ever had its name. */
export type ShardKey = { readonly stream: string; readonly shard: number };

/**
 * What the data plane asks of a storage engine. It is asked by key, because the engine may be in another
 * thread or on another machine: an answer says how a shard stood when it was given. A shard that was never
 * used is empty. All calls but `grown` reject with `DroppedError` once the stream was dropped, with
 * `DamagedError` when they meet damage, with `UnavailableError` when other machines are needed and do not
 * answer, and with some error once the engine was closed.
 */
export interface Records {
  /**
   * Resolves once all of the batch survives a power cut. Batches of a shard get rising offsets in the order
   * of the calls, and arrival times that never go back where one clock gives them. Rejects with `SealedError`
   * after `seal`, with `OverloadedError` when too much waits already, with `DiskReserveError` when the disk
   * is nearly full, with `DamagedError` also when a read of the stream met damage, and with the system's
   * error when it could not be written; what was rejected so is never readable. With `UnavailableError` it
   * rejects when it is not known what became of the batch: it may turn up yet, once. The batch's buffer is
   * the engine's from the call on.
   */
  append(key: ShardKey, batch: NewBatch): Promise<Appended>;
  /**
   * Batches in order, from the one that holds `from` on, or from the first that arrived at or after `since`
   * when that comes later, until their records reach a limit; at least one batch when there is one. The first
   * may begin before `from`, and before `start`. Between batches offsets may be missing, where the engine
   * keeps marks of its own, but no record. An answer without batches says that there are none before its
   * `end`.
   */
  read(key: ShardKey, request: ReadRequest): Promise<Slice>;
  /**
   * An offset from which on all records arrived at or after `time`, and before which none did; at least
   * `start`, and `end` when there is none.
   */
  seek(key: ShardKey, time: Millis): Promise<Offset>;
  position(key: ShardKey): Promise<Position>;
  /**
   * Resolves when `end` is past an offset, the shard is sealed or its stream dropped, the engine is closed or
   * cannot read the stream, or the signal is aborted. Never rejects.
   */
  grown(key: ShardKey, past: Offset, signal: AbortSignal): Promise<void>;
}

/**
 * A storage engine, as its one owner sees it. An engine that several processes write to has to keep the
 * appends of the others out before `seal` answers: that fence is the engine's own affair.
 */
export interface Engine extends Records {
  /**
   * What names this process among those that append to the same logs, and nobody ever again; absent where it
   * is alone.
   */
  readonly writer?: string | undefined;
  /**
   * Makes ready what the shards of a stream need before they are used: called before any of them is opened,
   * and when the stream's retention changes. Repeating it is harmless; a shard that it was not called for
   * works too. Rejects with `DroppedError`, and where it needs others for it with `UnavailableError`.
   */
  prepare(stream: string, needs: StreamNeeds): Promise<void>;
  /** Refuses appends for good, across restarts, and answers the final end. Repeating it is harmless. */
  seal(key: ShardKey): Promise<Offset>;
  /**
   * Forgets the records before an offset; never more than up to `end`. Space comes back when the engine can.
   * Rejects with `DamagedError` also when a read of the stream met damage.
   */
  trim(key: ShardKey, before: Offset): Promise<void>;
  /**
   * Forgets all shards of a stream and frees what they hold; no error when there are none. A stream that was
   * dropped does not come to life again: calls that are under way, or that come late, are refused.
   */
  drop(stream: string): Promise<void>;
  /** Waits for rounds under way, then lets go of everything. */
  close(): Promise<void>;
}

/**
 * What a stream needs of an engine: its shards, by index and ascending, those that are about to be opened
 * among them and without those that have expired, and for how long their records have to be kept.
 */
export type StreamNeeds = { readonly shards: readonly number[]; readonly retention: Millis };

/**
 * A batch on its way in. With a key its bytes are encrypted with it (`encryptBatch`), and the log never reads
 * them.
 */
export type NewBatch = RecordBatch & {
  readonly key?: PlacingKey | undefined;
  /**
   * The bytes that each record counts for. Where another gateway counts what is written to the shard, it
   * appends nothing and rejects with `ThrottledError` when one of them is above the limits; engines do not
   * look at them.
   */
  readonly sizes?: readonly number[] | undefined;
};

/** A batch as the log holds it: `decryptBatches` decrypts those that are encrypted. */
export type LoggedBatch = StoredBatch & {
  readonly encryption?: Encryption | undefined;
  /** Of each record, where they do not follow from its offset: those of another service's stream. */
  readonly sequenceNumbers?: readonly string[] | undefined;
};

/**
 * The offset of a batch's first record, and when the batch arrived; and the KMS key under which the batch is
 * encrypted, from who encrypted it.
 */
export type Appended = {
  readonly first: Offset;
  readonly arrival: Millis;
  readonly keyArn?: string | undefined;
};

export type ReadRequest = {
  readonly from: Offset;
  readonly since: Millis;
  readonly limit: ReadLimit;
  /**
   * True when the bytes of the batches are to lie one after the other and to be the caller's alone, to change
   * or to give away. Otherwise several readers may share them.
   */
  readonly own?: boolean;
  /**
   * True when the reader passes through and nobody is likely to read the same soon: it takes little of the
   * memory in which an engine keeps what was read, and leaves what others read there.
   */
  readonly isPassing?: boolean;
};

/** `bytes` counts the batches' buffers, as they are stored. */
export type ReadLimit = { readonly records: number; readonly bytes: number };

/** Where a shard stands. */
export type Position = {
  /** The oldest readable offset. Only grows. */
  readonly start: Offset;
  /** The offset after the last durable record. Only grows; past a record only once it is durable. */
  readonly end: Offset;
  /** The latest arrival time of a durable record, −Infinity when there never was one. */
  readonly lastArrival: Millis;
};

/** What a read found, and where the shard stands: `start` as the read found it, `end` as it left it. */
export type Slice = Position & { readonly batches: readonly LoggedBatch[] };

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
 * The machines that keep the records do not answer, or too few of them do. It is not known whether the call
 * was carried out; asked again, it may be.
 */
export class UnavailableError extends Error {
  override readonly name: string = 'UnavailableError';
}

/**
 * Records that lie in a store of objects cannot be read: it does not answer, or not with what was put there.
 * All others can, and asked again, these may. `message` says why, in one line.
 */
export class ArchiveError extends UnavailableError {
  override readonly name = 'ArchiveError';
}

/** Records of a batch are above the limits of their shard. Nothing was written; the others were counted. */
export class ThrottledError extends Error {
  override readonly name = 'ThrottledError';
  readonly refused: readonly number[] = [];

  /** `refused` are the places of those records in the batch, in order. */
  static of(refused: readonly number[]): ThrottledError {
    return Object.assign(new ThrottledError('The batch is above the limits of its shard.'), { refused });
  }
}

/**
 * What is left of the disk is kept for other things than records. Nothing was written; once there is room it
 * may be.
 */
export class DiskReserveError extends Error {
  override readonly name = 'DiskReserveError';
}

/**
 * What an engine writes to does not keep what it must, by its settings: nothing is written there until it
 * does. `message` says what is wrong.
 */
export class WeakTopicError extends Error {
  override readonly name = 'WeakTopicError';
}

/** What is on the disk cannot be what was acknowledged. `message` says where, in one line. */
export class DamagedError extends Error {
  override readonly name: string = 'DamagedError';
}

/**
 * What is on the disk is of a version that is not known: like damage it cannot be served, and it is left as
 * it is. `message` says where.
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

/** What there is to say about a key; `unavailable` is for what could not be found out. */
export type KeyTrouble = 'disabled' | 'denied' | 'missing' | 'pending deletion' | 'throttled' | 'unavailable';
