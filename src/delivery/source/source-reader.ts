import { Bell } from '../../env/bell.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import { detached } from '../../env/detached.ts';
import { findShard, type Shard, type Stream, trimHorizon } from '../../kinesis/stream.ts';
import { DroppedError, type Records } from '../../log/log.ts';
import type { Positions, ShardPosition } from '../state/delivery-state.ts';
import { endOf, readOn, type ShardCursor } from './shard-cursor.ts';
import type { SourceSlice } from './source-slice.ts';

export type SourceParts = {
  readonly clock: Clock;
  readonly log: Records;
  /** The stream as it is now; undefined once it is gone. */
  readonly stream: () => Stream | undefined;
  /** Hears why a shard cannot be read, which is tried again. */
  readonly failed: (shard: number, error: unknown) => void;
  /** Hears that a shard can be read that could not. */
  readonly recovered: (shard: number) => void;
  /** Throws where what is stored under these KMS keys may not be read. */
  readonly requireToRead: (keyArns: readonly string[]) => void;
  /** Where reading ends; only shards that are in it are read. */
  readonly until?: Positions | undefined;
  /** Reads also what has expired and is there yet. */
  readonly readsExpired?: boolean;
};

/** The stream that is read was deleted. */
export class SourceGoneError extends Error {
  override readonly name = 'SourceGoneError';
}

/**
 * Reads all shards of a stream, children after their parents, some of each in turn. What of a shard cannot be
 * read holds the others up no longer than it takes.
 */
export class SourceReader implements Disposable {
  readonly #parts: SourceParts;
  readonly #positions: Map<string, ShardPosition>;
  readonly #cursors = new Map<string, ShardCursor>();
  readonly #over = new AbortController();
  readonly #bell: Bell;
  /** Cursors that may have something, those first that had their turn longest ago. */
  #turns: ShardCursor[] = [];
  /** Cursors that were read to their tips, and do not yet hear whether there is more. */
  #unheard: ShardCursor[] = [];
  #seen: Stream | undefined;

  constructor(parts: SourceParts, from: Positions) {
    this.#parts = parts;
    this.#bell = new Bell(parts.clock);
    this.#positions = new Map(Object.entries(from));
  }

  /** How far it has read, by shard, with those where it began. */
  get positions(): Positions {
    return Object.fromEntries(this.#positions);
  }

  /** Whether all is read that is to be. */
  get isOver(): boolean {
    const { until } = this.#parts;
    if (until === undefined) return false;
    const isRead = ([shard, { next }]: [string, ShardPosition]) => {
      const { next: read = 0, isFinished } = this.#positions.get(shard) ?? {};
      return isFinished === true || read >= next || !this.#isThere(Number(shard));
    };
    return Object.entries(until).every(isRead);
  }

  /** Whether nothing is known to be there that was not read. */
  get isAtTip(): boolean {
    return this.#turns.every((cursor) => !this.#mayHave(cursor));
  }

  /** The catalog has changed. */
  look(): void {
    this.#seen = undefined;
    this.#bell.ring();
  }

  /**
   * What comes next in one of the shards, `bytesMax` of it or less, or one batch; undefined when there is
   * nothing now.
   * Rejects with `SourceGoneError` when the stream is gone.
   */
  async next(bytesMax: number): Promise<SourceSlice | undefined> {
    this.#begin();
    const now = this.#parts.clock.monotonic();
    const turnBytes = Math.min(
      bytesMax,
      Math.max(sliceBytesMin, Math.floor(roundBytes / this.#turns.length)),
    );
    for (let tried = this.#turns.length; tried > 0; tried--) {
      const cursor = this.#turns.shift()!;
      if (!this.#mayHave(cursor)) continue;
      if (cursor.quietUntil > now) {
        this.#turns.push(cursor);
        continue;
      }
      const slice = await this.#readOn(cursor, turnBytes);
      (this.#mayHave(cursor) ? this.#turns : this.#unheard).push(cursor);
      if (slice !== undefined) return slice;
    }
    return undefined;
  }

  /** Resolves when `next` may have something, at a time by the monotonic clock, or when it is woken. */
  async grown(until: Millis): Promise<void> {
    let wake = until;
    const now = this.#parts.clock.monotonic();
    for (const { quietUntil } of this.#turns) if (quietUntil > now) wake = Math.min(wake, quietUntil);
    for (const cursor of this.#unheard.splice(0)) this.#watch(cursor);
    await this.#bell.wait(wake);
  }

  wake(): void {
    this.#bell.ring();
  }

  [Symbol.dispose](): void {
    this.#over.abort(null);
    this.#bell.ring();
  }

  /** Begins with the shards whose turn has come, and goes on without those that are done. */
  #begin(): void {
    const stream = this.#parts.stream();
    if (stream === undefined) throw new SourceGoneError('The source stream is gone.');
    if (stream === this.#seen) return;
    this.#seen = stream;
    for (const shard of stream.shards) {
      const known = this.#cursors.get(String(shard.index));
      if (known === undefined) continue;
      known.shard = shard;
      this.#settle(known);
    }
    this.#beginShards(stream);
  }

  #beginShards(stream: Stream): void {
    for (const shard of stream.shards) {
      const name = String(shard.index);
      if (this.#cursors.has(name) || !this.#isToRead(stream, shard)) continue;
      const cursor = this.#cursorOf(stream, shard);
      this.#cursors.set(name, cursor);
      this.#settle(cursor);
      if (this.#isOpen(cursor)) this.#turns.push(cursor);
    }
    // One that has expired is over, whatever was read of it.
    for (const [name, cursor] of this.#cursors)
      if (findShard(stream, Number(name)) === undefined) this.#finish(name, cursor);
  }

  /** Whether there may be something that is to be read in a shard, now or later. */
  #isOpen(cursor: ShardCursor): boolean {
    return this.#cursors.get(String(cursor.shard.index)) === cursor && cursor.next < endOf(cursor);
  }

  #mayHave(cursor: ShardCursor): boolean {
    return this.#isOpen(cursor) && cursor.next < cursor.tip;
  }

  #isToRead(stream: Stream, { index, parents }: Shard): boolean {
    const { until } = this.#parts;
    if (until !== undefined && until[index] === undefined) return false;
    const isFinished = (shard: number) => this.#positions.get(String(shard))?.isFinished === true;
    const isOver = (parent: number) => isFinished(parent) || findShard(stream, parent) === undefined;
    return !isFinished(index) && parents.every(isOver);
  }

  #cursorOf({ id }: Stream, shard: Shard): ShardCursor {
    const { next = 0 } = this.#positions.get(String(shard.index)) ?? {};
    const bound = this.#parts.until?.[shard.index]?.next ?? Number.POSITIVE_INFINITY;
    const key = { stream: id, shard: shard.index };
    const tip = Number.POSITIVE_INFINITY;
    return { key, shard, next, bound, tip, failures: 0, quietUntil: 0, isTold: false };
  }

  async #readOn(cursor: ShardCursor, bytesMax: number): Promise<SourceSlice | undefined> {
    const { clock, log, failed, recovered, requireToRead } = this.#parts;
    const { isTold } = cursor;
    cursor.isTold = false;
    try {
      const since = this.#since;
      const slice = await readOn(log, cursor, { since, bytesMax, requireToRead });
      if (cursor.failures > 0) recovered(cursor.shard.index);
      cursor.failures = 0;
      // It was said to have grown, and has not: it was sealed, and is about to be closed.
      if (slice === undefined && isTold) cursor.quietUntil = clock.monotonic() + quietMs;
      this.#settle(cursor);
      return slice;
    } catch (error) {
      if (error instanceof DroppedError) throw new SourceGoneError('The source stream is gone.');
      failed(cursor.shard.index, error);
      cursor.failures++;
      cursor.quietUntil = clock.monotonic() + Math.min(againMsMax, againMsMin * 2 ** (cursor.failures - 1));
      return undefined;
    }
  }

  /** Notes how far a shard was read, and begins with its children when it was read whole. */
  #settle(cursor: ShardCursor): void {
    const name = String(cursor.shard.index);
    const { closed } = cursor.shard;
    const before = this.#positions.get(name);
    if (closed !== undefined && cursor.next >= closed.end) this.#finish(name, cursor);
    else if (before?.next !== cursor.next) this.#positions.set(name, { next: cursor.next });
  }

  #finish(name: string, { next }: ShardCursor): void {
    this.#cursors.delete(name);
    if (this.#positions.get(name)?.isFinished === true) return;
    this.#positions.set(name, { next, isFinished: true });
    this.#seen = undefined;
    this.#bell.ring();
  }

  get #since(): Millis {
    const stream = this.#parts.stream();
    if (this.#parts.readsExpired === true || stream === undefined) return Number.NEGATIVE_INFINITY;
    return trimHorizon(stream, this.#parts.clock.now());
  }

  #watch(cursor: ShardCursor): void {
    if (!this.#isOpen(cursor)) return;
    const { tip, key } = cursor;
    const grown = this.#parts.log.grown(key, tip, this.#over.signal).then(() => {
      cursor.tip = Number.POSITIVE_INFINITY;
      cursor.isTold = true;
      this.#turns.push(cursor);
      this.#bell.ring();
    });
    detached(grown, (error) => this.#parts.failed(cursor.shard.index, error));
  }

  #isThere(shard: number): boolean {
    const stream = this.#parts.stream();
    return stream !== undefined && findShard(stream, shard) !== undefined;
  }
}

/**
 * The shards of a stream lie side by side in its log, which is read in large pieces: where all of them have
 * their turn within few of these, each is read once, and not once for each shard.
 */
const roundBytes = 4 * 1024 * 1024;
const sliceBytesMin = 16 * 1024;

/** How long a shard that was sealed and is not known to be closed is not asked whether it grows. */
const quietMs: Millis = 250;
const againMsMin: Millis = 100;
const againMsMax: Millis = 30_000;
