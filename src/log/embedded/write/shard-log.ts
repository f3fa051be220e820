import { strict as assert } from 'node:assert';
import type { Millis } from '../../../env/clock.ts';
import { giveBack } from '../../../env/discard.ts';
import type { Offset } from '../../../kinesis/record.ts';
import { Condition } from '../../condition.ts';
import { inOnePiece } from '../../in-one-piece.ts';
import {
  type Appended,
  DamagedError,
  type LoggedBatch,
  type NewBatch,
  type Position,
  type ReadRequest,
  SealedError,
  type Slice,
} from '../../log.ts';
import type { Extents } from '../extents.ts';
import type { FrameContent } from '../format/frame.ts';
import { readExtents, seekExtents } from '../read/read.ts';
import { ShardTail } from '../read/tail.ts';
import type { Extent, Segment } from '../segment.ts';
import { type ShardState, stateAfter } from '../shard-state.ts';
import type { StreamLog } from './stream-log.ts';

/** One shard of a stream's log: where it stands, and which segments hold its records. */
export class ShardLog {
  readonly shard: number;
  readonly tail = new ShardTail();
  readonly #stream: StreamLog;
  readonly #growth = new Condition();
  /** Records before `start` may be among them, all from `start` on are. */
  readonly #extents: Extents;
  #start: Offset;
  #state: ShardState;
  #sealing: Promise<Offset> | undefined;

  constructor(stream: StreamLog, state: ShardState, extents: Extents) {
    this.shard = state.shard;
    this.#stream = stream;
    this.#state = state;
    this.#extents = extents;
    this.#start = extents.first?.first ?? state.next;
  }

  get state(): ShardState {
    return this.#state;
  }

  get position(): Position {
    const { next: end, lastArrival } = this.#state;
    return { start: this.#start, end, lastArrival };
  }

  /** Not an `async` function: it is called for every put, and would make a promise besides the answer's. */
  append(batch: NewBatch): Promise<Appended> {
    assert(batch.count > 0);
    const refusal = this.#refusal();
    return refusal === undefined ? this.#stream.write(this.shard, batch) : Promise.reject(refusal);
  }

  read(request: ReadRequest): Promise<Slice> {
    return this.#untrimmed(async (start) => {
      const { next: end } = this.#state;
      const batches = await this.#batchesFrom(Math.max(request.from, start), request);
      const { next, lastArrival } = this.#state;
      // A read that found nothing speaks of the shard up to its end of that time.
      return { start, end: batches.length === 0 ? end : next, lastArrival, batches };
    });
  }

  seek(time: Millis): Promise<Offset> {
    return this.#untrimmed(async (start) => {
      const { next: end } = this.#state;
      return Math.max(start, (await seekExtents(this.#stream.engine, this.#extents, time)) ?? end);
    });
  }

  async trim(before: Offset): Promise<void> {
    this.#requireSound();
    this.#start = Math.max(this.#start, Math.min(before, this.#state.next));
    this.#extents.trim(this.#start);
    await this.#stream.reclaim();
  }

  async seal(): Promise<Offset> {
    this.#refuseWhenGone();
    if (this.#state.sealed) return this.#state.next;
    this.#requireSound();
    this.#sealing ??= this.#seal();
    return this.#sealing;
  }

  grown(past: Offset, signal: AbortSignal): Promise<void> {
    return this.#growth.until(
      () => this.#state.next > past || this.#state.sealed || this.#stream.gone !== undefined,
      signal,
    );
  }

  /** True when some record of an extent is readable. */
  reads({ next }: Pick<Extent, 'next'>): boolean {
    return next > this.#start;
  }

  /** The oldest segment on the disk is archived from now on. */
  archived(segment: Segment): void {
    this.#extents.archived(segment);
  }

  /** A frame of the shard is durable. */
  admit(frame: FrameContent): void {
    assert(frame.first === this.#state.next);
    assert(!this.#state.sealed);
    this.#state = stateAfter(this.#state, frame);
  }

  /** The newest record is in this extent, which may be known already, or trimmed until now. */
  extend(extent: Extent): void {
    assert(extent.shard === this.shard);
    this.#extents.extend(extent);
  }

  /** Something changed: has callers that wait look again. */
  announce(): void {
    this.#growth.announce();
  }

  /** When the seal cannot be written, the shard is as open as before. */
  async #seal(): Promise<Offset> {
    try {
      await this.#stream.write(this.shard, undefined);
      return this.#state.next;
    } finally {
      this.#sealing = undefined;
    }
  }

  async #batchesFrom(first: Offset, request: ReadRequest): Promise<LoggedBatch[]> {
    const { next: end } = this.#state;
    if (first >= end) return [];
    const batches = this.tail.read(first, request) ?? (await this.#stored(first, end, request));
    if (batches[0]!.arrival >= request.since) return batches;
    const sought = await seekExtents(this.#stream.engine, this.#extents, request.since);
    return sought === undefined ? [] : this.#batchesFrom(sought, request);
  }

  async #stored(
    first: Offset,
    end: Offset,
    { limit, own, isPassing = false }: ReadRequest,
  ): Promise<LoggedBatch[]> {
    const range = { first, end, limit, isPassing };
    const batches = await readExtents(this.#stream.engine, this.#extents, range);
    if (own !== true) return batches;
    const inOne = inOnePiece(batches);
    if (isPassing) giveBack(batches.map(({ bytes }) => bytes));
    return inOne;
  }

  /**
   * Reads again when the segment was trimmed away meanwhile; and before damage is believed, because nothing
   * is written after that.
   */
  async #untrimmed<T>(read: (start: Offset) => Promise<T>): Promise<T> {
    for (let isSuspected = false; ; ) {
      this.#refuseWhenGone();
      const start = this.#start;
      try {
        return await read(start);
      } catch (error) {
        this.#refuseWhenGone();
        if (this.#start > start) continue;
        if (!(error instanceof DamagedError)) throw error;
        if (isSuspected) throw this.#stream.noteDamage(error);
        isSuspected = true;
      }
    }
  }

  /** Why a batch is not taken. */
  #refusal(): Error | undefined {
    const unwritable = this.#stream.gone ?? this.#stream.damage;
    if (unwritable !== undefined) return unwritable;
    if (this.#sealing !== undefined || this.#state.sealed) return new SealedError('The shard is closed.');
    return undefined;
  }

  #requireSound(): void {
    this.#refuseWhenGone();
    if (this.#stream.damage !== undefined) throw this.#stream.damage;
  }

  #refuseWhenGone(): void {
    if (this.#stream.gone !== undefined) throw this.#stream.gone;
  }
}
