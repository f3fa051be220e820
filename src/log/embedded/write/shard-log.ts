import { strict as assert } from 'node:assert';
import type { Millis } from '../../../env/clock.ts';
import type { Offset } from '../../../kinesis/record.ts';
import { Condition } from '../../condition.ts';
import {
  type Appended,
  DamagedError,
  DroppedError,
  type LoggedBatch,
  type NewBatch,
  type ReadLimit,
  SealedError,
  type ShardLog,
} from '../../log.ts';
import { type FrameContent, frameKinds, nextOf } from '../format/frame.ts';
import { readExtents, seekExtents } from '../read/read.ts';
import { ShardTail } from '../read/tail.ts';
import type { Extent } from '../segment.ts';
import type { ShardState } from '../shard-state.ts';
import type { StreamLog } from './stream-log.ts';

/** One shard of a stream's log: where it stands, and which segments hold its records. */
export class EmbeddedShardLog implements ShardLog {
  readonly shard: number;
  readonly tail = new ShardTail();
  readonly #stream: StreamLog;
  readonly #growth = new Condition();
  /** Oldest first. Records before `start` may be among them, all from `start` on are. */
  readonly #extents: Extent[];
  #start: Offset;
  #standing: ShardState;
  #sealing: Promise<Offset> | undefined;

  constructor(stream: StreamLog, standing: ShardState, extents: Extent[]) {
    this.shard = standing.shard;
    this.#stream = stream;
    this.#standing = standing;
    this.#extents = extents;
    this.#start = extents[0]?.first ?? standing.next;
  }

  get start(): Offset {
    return this.#start;
  }

  get end(): Offset {
    return this.#standing.next;
  }

  get lastArrival(): Millis {
    return this.#standing.lastArrival;
  }

  get standing(): ShardState {
    return this.#standing;
  }

  async append(batch: NewBatch): Promise<Appended> {
    assert(batch.count > 0);
    this.#refuseWhenGone();
    this.#stream.requireSound();
    if (this.#sealing !== undefined || this.#standing.sealed) throw new SealedError('The shard is closed.');
    return this.#stream.write(this.shard, batch);
  }

  read(from: Offset, limit: ReadLimit): Promise<LoggedBatch[]> {
    return this.#untrimmed(from, async (first) => {
      if (first >= this.end) return [];
      const kept = this.tail.read(first, limit);
      return kept ?? readExtents(this.#stream.engine, this.#extents, { first, end: this.end, limit });
    });
  }

  async seek(time: Millis): Promise<Offset> {
    const found = await this.#untrimmed(this.#start, () =>
      seekExtents(this.#stream.engine, this.#extents, time),
    );
    return found === undefined ? this.end : Math.max(found, this.#start);
  }

  async trim(before: Offset): Promise<void> {
    this.#refuseWhenGone();
    this.#stream.requireSound();
    this.#start = Math.max(this.#start, Math.min(before, this.end));
    const kept = this.#extents.findIndex((extent) => this.reads(extent));
    this.#extents.splice(0, kept === -1 ? this.#extents.length : kept);
    await this.#stream.reclaim();
  }

  async seal(): Promise<Offset> {
    this.#refuseWhenGone();
    if (this.#standing.sealed) return this.end;
    this.#stream.requireSound();
    this.#sealing ??= this.#seal();
    return this.#sealing;
  }

  grown(past: Offset, signal: AbortSignal): Promise<void> {
    return this.#growth.until(
      () => this.end > past || this.#standing.sealed || this.#stream.gone !== undefined,
      signal,
    );
  }

  /** True when some record of an extent is readable. */
  reads(extent: Extent): boolean {
    return extent.next > this.#start;
  }

  /** A frame of the shard is durable. */
  admit(frame: FrameContent): void {
    const { next, lastArrival } = this.#standing;
    assert(frame.first === next);
    assert(!this.#standing.sealed);
    this.#standing =
      frame.kind === frameKinds.seal
        ? { ...this.#standing, sealed: true }
        : { ...this.#standing, next: nextOf(frame), lastArrival: Math.max(lastArrival, frame.arrival) };
  }

  /** The newest record is in this extent, which may be known already, or trimmed until now. */
  extend(extent: Extent): void {
    assert(extent.shard === this.shard);
    if (this.#extents.at(-1) !== extent) this.#extents.push(extent);
  }

  /** Something changed: who waits may look again. */
  announce(): void {
    this.#growth.announce();
  }

  /** When the seal cannot be written, the shard is as open as before. */
  async #seal(): Promise<Offset> {
    try {
      await this.#stream.write(this.shard, undefined);
      return this.end;
    } finally {
      this.#sealing = undefined;
    }
  }

  /**
   * Reads again when the segment was trimmed away meanwhile; and before damage is believed, because nothing
   * is written after that.
   */
  async #untrimmed<T>(from: Offset, read: (first: Offset) => Promise<T>): Promise<T> {
    for (let isSuspected = false; ; ) {
      this.#refuseWhenGone();
      const first = Math.max(from, this.#start);
      try {
        return await read(first);
      } catch (error) {
        this.#refuseWhenGone();
        if (this.#start > first) continue;
        if (!(error instanceof DamagedError)) throw error;
        if (isSuspected) throw this.#stream.noteDamage(error);
        isSuspected = true;
      }
    }
  }

  #refuseWhenGone(): void {
    if (this.#stream.gone === 'dropped') throw new DroppedError('The stream was deleted.');
    if (this.#stream.gone === 'closed') throw new Error('The log is closed.');
  }
}
