import { isRefusedBySystem } from '../../../env/disk.ts';
import {
  type Appended,
  type DamagedError,
  DiskReserveError,
  DroppedError,
  type NewBatch,
  OverloadedError,
} from '../../log.ts';
import type { Engine } from '../engine.ts';
import type { LogEnd } from '../recover/ends.ts';
import { type Recovered, recover } from '../recover/recovery.ts';
import type { Extent, Segment } from '../segment.ts';
import { type ShardStates, untouched } from '../shard-state.ts';
import { type Draft, draftRound, type Write } from './round.ts';
import { createSegment, type Link, type SegmentWriter } from './segment-writer.ts';
import { EmbeddedShardLog } from './shard-log.ts';

/**
 * The log of one stream: the one owner of its segments. Whatever changes them waits in its queues, and is
 * done in turn.
 */
export class StreamLog {
  readonly engine: Engine;
  readonly #stream: string;
  readonly #directory: string;
  /** Oldest first. The last one is being written while there is a writer, and finished otherwise. */
  readonly #segments: Segment[];
  readonly #shards = new Map<number, EmbeddedShardLog>();
  #writer: SegmentWriter | undefined;
  /** The link of the next segment, while there is no writer. */
  #link: Link;
  #writes: Write[] = [];
  readonly #chores: (() => Promise<void>)[] = [];
  #reclaiming: Promise<void> | undefined;
  #working = false;
  /** Why it refuses everything. */
  gone: 'dropped' | 'closed' | undefined;
  /** What a read met: nothing is written or removed any more. What is sound can still be read. */
  #damage: DamagedError | undefined;

  /** Reads what the disk holds of a stream, which once ended as `noted`. Rejects with `DamagedError`. */
  static async open(engine: Engine, stream: string, noted: LogEnd | undefined): Promise<StreamLog> {
    const directory = `${engine.directory}/${stream}`;
    // To open is to write: what a crash left is cut off, and finished.
    await engine.requireOwnership();
    return new StreamLog(engine, stream, directory, await recover(engine, { stream, directory, noted }));
  }

  private constructor(engine: Engine, stream: string, directory: string, recovered: Recovered) {
    this.engine = engine;
    this.#stream = stream;
    this.#directory = directory;
    this.#segments = recovered.segments;
    this.#link = recovered.link;
    const extents = Map.groupBy(
      recovered.segments.flatMap((segment) => [...segment.extents.values()]),
      (extent) => extent.shard,
    );
    for (const standing of recovered.standings.values()) {
      const shard = new EmbeddedShardLog(this, standing, extents.get(standing.shard) ?? []);
      this.#shards.set(standing.shard, shard);
    }
  }

  shard(number: number): EmbeddedShardLog {
    const shard = this.#shards.get(number) ?? new EmbeddedShardLog(this, untouched(number), []);
    this.#shards.set(number, shard);
    return shard;
  }

  /**
   * Throws what a read met once it met damage: who wrote on would have more to lose, and who trims would lose
   * what may be saved.
   */
  requireSound(): void {
    if (this.#damage !== undefined) throw this.#damage;
  }

  /** A read met damage. Answers it. */
  noteDamage(error: DamagedError): DamagedError {
    if (this.#damage === undefined) {
      this.#damage = error;
      this.engine.env.logger.error('A stream is damaged: it takes no more records.', { error });
    }
    return error;
  }

  /**
   * Has a batch written, or a seal when there is none. Writes of a shard are done in the order of the calls.
   */
  write(shard: number, batch: NewBatch | undefined): Promise<Appended> {
    const { promise, resolve, reject } = Promise.withResolvers<Appended>();
    if (this.engine.waitingBytes > this.engine.options.waitingBytesMax) {
      throw new OverloadedError('More waits to be written than the log holds. Try again.');
    }
    this.engine.waitingBytes += batch?.bytes.length ?? 0;
    this.#writes.push({ shard, batch, resolve, reject });
    this.#wake();
    return promise;
  }

  /**
   * Removes the segments that hold no readable record, from the oldest on. What cannot be removed now is the
   * next call's.
   */
  reclaim(): Promise<void> {
    this.#reclaiming ??= this.#chore(async () => {
      this.#reclaiming = undefined;
      try {
        await this.#reclaim();
      } catch (error) {
        if (!isRefusedBySystem(error)) throw error;
        this.engine.env.logger.warn('Could not free the space of a stream.', {
          directory: this.#directory,
          error: error.message,
        });
      }
    });
    return this.#reclaiming;
  }

  /** How far it has come; undefined while there is nothing. */
  get end(): LogEnd | undefined {
    const last = this.#segments.at(-1);
    return last && { segment: last.number, bytes: last.end };
  }

  /** Writes what waits, then finishes the segment so that the next start need not scan it. */
  close(): Promise<void> {
    this.#refuse('closed');
    return this.#chore(async () => {
      while (this.#writes.length > 0) await this.#round();
      try {
        await this.#finish();
      } catch (error) {
        if (!isRefusedBySystem(error)) throw error;
        this.engine.env.logger.warn('Could not finish a segment.', {
          directory: this.#directory,
          error: error.message,
        });
      }
    });
  }

  /** Refuses everything from now on, lets the round under way end, and then calls `remove`. */
  drop(remove: () => Promise<void>): Promise<void> {
    this.#refuse('dropped');
    for (const write of this.#takeWrites(Number.POSITIVE_INFINITY)) {
      write.reject(new DroppedError('The stream was deleted.'));
    }
    return this.#chore(async () => {
      for (const segment of this.#segments) await this.#letGo(segment);
      await remove();
    });
  }

  #refuse(because: 'dropped' | 'closed'): void {
    this.gone = because;
    for (const shard of this.#shards.values()) shard.announce();
  }

  #chore(work: () => Promise<void>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#chores.push(() => work().then(resolve, reject));
    this.#wake();
    return promise;
  }

  /** Work begins after what is asked for now, which so is one round. */
  #wake(): void {
    if (this.#working) return;
    this.#working = true;
    queueMicrotask(() => {
      this.#work().catch((error) => this.engine.env.panic('The log contradicts itself', error));
    });
  }

  async #work(): Promise<void> {
    while (this.#writes.length > 0 || this.#chores.length > 0) {
      if (this.#writes.length > 0) {
        await this.#gather();
        await this.#round();
      }
      await this.#chores.shift()?.();
    }
    this.#working = false;
  }

  /**
   * Waits for as long as each turn of the event loop brings more: clients that ask at the same time share a
   * round, whose price is the same for one and for many. Who asks alone waits for one turn. Large rounds gain
   * nothing: theirs is the price of their bytes.
   */
  async #gather(): Promise<void> {
    const { clock } = this.engine.env;
    const latest = clock.monotonic() + gatherMsMax;
    for (let seen = 0; this.#writes.length > seen; ) {
      seen = this.#writes.length;
      await clock.turn();
      if (bytesOf(this.#writes) >= gatheredBytesMax || clock.monotonic() >= latest) return;
    }
  }

  /** One group commit: one write, one sync, and only then the answers. */
  async #round(): Promise<void> {
    const { options, env } = this.engine;
    const writes = await this.#withinReserve(this.#takeWrites(options.roundBytesMax));
    if (writes.length === 0) return;
    const standingOf = (shard: number) => this.shard(shard).standing;
    const drafts = draftRound(writes, standingOf, env.clock.now(), options.frameBytesMax);
    let extents: Extent[];
    try {
      const writer = await this.#openWriter();
      extents = await writer.append(drafts);
    } catch (error) {
      if (!isRefusedBySystem(error)) throw error;
      for (const write of writes) write.reject(error);
      return;
    }
    for (const extent of extents) this.shard(extent.shard).extend(extent);
    this.engine.tail.keep(drafts, (shard) => this.shard(shard).tail);
    this.#answer(drafts);
  }

  /** The writes that may be done, without those that would take from the disk's reserve: a seal may. */
  async #withinReserve(writes: Write[]): Promise<Write[]> {
    const { reserve, waitingBytes } = this.engine;
    if (!(await reserve.refuses(bytesOf(writes) + waitingBytes))) return writes;
    const error = new DiskReserveError(
      'The disk is full, but for what is kept for other things than records.',
    );
    for (const { batch, reject } of writes) if (batch !== undefined) reject(error);
    return writes.filter(({ batch }) => batch === undefined);
  }

  #answer(drafts: readonly Draft[]): void {
    for (const draft of drafts) this.shard(draft.shard).admit(draft);
    for (const { arrival, writes } of drafts) {
      for (const { write, first } of writes) write.resolve({ first, arrival });
    }
    for (const { shard } of drafts) this.shard(shard).announce();
  }

  /** The writes at the head of the queue: at least one, and more up to a number of bytes. */
  #takeWrites(bytesMax: number): Write[] {
    let bytes = 0;
    const cut = this.#writes.findIndex((write, index) => {
      bytes += write.batch?.bytes.length ?? 0;
      return bytes > bytesMax && index > 0;
    });
    const taken = this.#writes.splice(0, cut === -1 ? this.#writes.length : cut);
    this.engine.waitingBytes -= bytesOf(taken);
    return taken;
  }

  /** The writer of a segment that is not full. */
  async #openWriter(): Promise<SegmentWriter> {
    if (this.#writer !== undefined && this.#writer.segment.end >= this.engine.options.segmentBytes) {
      await this.#finish();
    }
    return this.#writer ?? this.#begin();
  }

  async #begin(): Promise<SegmentWriter> {
    const { env, directory: parent } = this.engine;
    const directory = this.#directory;
    const number = (this.#segments.at(-1)?.number ?? 0) + 1;
    if (number === 1) {
      await this.engine.makeDirectory(directory);
      await this.engine.makeDurable(parent, () => env.disk.syncDirectory(parent));
    }
    const place = { stream: this.#stream, directory, number, link: this.#link };
    const writer = await createSegment(this.engine, { ...place, standings: this.#standings() });
    this.#segments.push(writer.segment);
    this.#writer = writer;
    return writer;
  }

  async #finish(): Promise<void> {
    if (this.#writer === undefined) return;
    await this.#writer.finish(this.#standings());
    this.#link = this.#writer.link;
    this.#writer = undefined;
  }

  #standings(): ShardStates {
    const standings = [...this.#shards.values()].map((shard) => shard.standing);
    return new Map(
      standings
        .filter(({ next, sealed }) => next > 0 || sealed)
        .map((standing) => [standing.shard, standing]),
    );
  }

  /**
   * Only from the oldest on, each removal durable before the next: so a gap in the numbers always means
   * damage. The newest stays, because it says where the shards stand, but not with records that nobody reads.
   */
  async #reclaim(): Promise<void> {
    for (let oldest = this.#segments[0]; oldest !== undefined; oldest = this.#segments[0]) {
      if (this.#isReadable(oldest)) return;
      await this.engine.requireOwnership();
      if (this.#segments.length === 1) {
        if (oldest.extents.size === 0) return;
        await this.#finish();
        await this.#begin();
      }
      await this.engine.env.disk.remove(oldest.path);
      await this.engine.makeDurable(this.#directory, () =>
        this.engine.env.disk.syncDirectory(this.#directory),
      );
      this.#segments.shift();
      await this.#letGo(oldest);
    }
  }

  #isReadable(segment: Segment): boolean {
    for (const extent of segment.extents.values()) if (this.shard(extent.shard).reads(extent)) return true;
    return false;
  }

  async #letGo(segment: Segment): Promise<void> {
    this.engine.footers.forget(segment);
    await this.engine.files.forget(segment.path);
  }
}

/** Of the order of what a sync takes. PostgreSQL's manual advises the half of it (commit_delay). */
const gatherMsMax = 1;
const gatheredBytesMax = 256 * 1024;

function bytesOf(writes: readonly Write[]): number {
  let bytes = 0;
  for (const { batch } of writes) bytes += batch?.bytes.length ?? 0;
  return bytes;
}
