import type { Millis } from '../../../env/clock.ts';
import { isRefusedBySystem } from '../../../env/disk.ts';
import { KeyIds } from '../../key-ids.ts';
import { type Appended, type DamagedError, DroppedError, type NewBatch } from '../../log.ts';
import { archivableOf, isAged, unreadable } from '../archive/archivable.ts';
import type { ArchivedExtent, ArchivedSegment } from '../archive/archive-entry.ts';
import { type ArchiveNote, archiveNoteName } from '../archive/archive-note.ts';
import type { EngineParts } from '../engine-parts.ts';
import { Extents } from '../extents.ts';
import type { LogEnd } from '../recover/ends.ts';
import { type Recovered, recover } from '../recover/recovery.ts';
import { type Extent, highestKeyOf, type Segment } from '../segment.ts';
import { type ShardState, type ShardStates, untouched } from '../shard-state.ts';
import { createSegment, type OpenSegment } from './open-segment.ts';
import { PendingAppends } from './pending-appends.ts';
import { draftRound } from './round.ts';
import type { Link } from './segment-writer.ts';
import { ShardLog } from './shard-log.ts';

/**
 * The log of one stream: the one owner of its segments. All that changes them waits in its queues, and is
 * done in turn.
 */
export class StreamLog {
  readonly engine: EngineParts;
  readonly id: string;
  readonly #directory: string;
  readonly note: ArchiveNote;
  /** Oldest first. All are finished, but for the one that is open. */
  readonly #segments: Segment[];
  readonly #shards = new Map<number, ShardLog>();
  readonly #pending: PendingAppends;
  readonly #keyIds: KeyIds;
  #open: OpenSegment | undefined;
  /** The link of the next segment, while none is open. */
  #link: Link;
  readonly #chores: (() => Promise<void>)[] = [];
  #reclaiming: Promise<void> | undefined;
  #isWorking = false;
  /** Why it refuses everything. */
  gone: Error | undefined;
  /**
   * Damage that a read met. Nothing is written or removed any more: with more writes there would be more to
   * lose, and trims would lose what may be saved. What is sound can still be read.
   */
  damage: DamagedError | undefined;

  /** Reads what the disk holds of a stream, which once ended as `noted`. Rejects with `DamagedError`. */
  static async open(engine: EngineParts, stream: string, noted: LogEnd | undefined): Promise<StreamLog> {
    const directory = `${engine.directory}/${stream}`;
    // To open is to write: what a crash left is cut off, and finished.
    await engine.requireOwnership();
    return new StreamLog(engine, stream, directory, await recover(engine, { stream, directory, noted }));
  }

  private constructor(engine: EngineParts, stream: string, directory: string, recovered: Recovered) {
    this.engine = engine;
    this.id = stream;
    this.#directory = directory;
    this.#pending = new PendingAppends(engine);
    this.note = recovered.note;
    this.#segments = recovered.segments;
    this.#link = recovered.link;
    const highestKey = Math.max(recovered.note.segments.highestKey, highestKeyOf(recovered.segments));
    this.#keyIds = new KeyIds(highestKey);
    const extents = Map.groupBy(
      recovered.segments.flatMap((segment) => [...segment.extents.values()]),
      (extent) => extent.shard,
    );
    for (const state of recovered.states.values()) this.#addShard(state, extents.get(state.shard) ?? []);
  }

  shard(number: number): ShardLog {
    return this.#shards.get(number) ?? this.#addShard(untouched(number), []);
  }

  #addShard(state: ShardState, local: Extent[]): ShardLog {
    const shard = new ShardLog(this, state, new Extents(state.shard, this.note.segments, local));
    this.#shards.set(state.shard, shard);
    return shard;
  }

  /** A read met damage. Answers it. */
  noteDamage(error: DamagedError): DamagedError {
    if (this.damage === undefined) {
      this.damage = error;
      this.engine.env.logger.error('A stream is damaged: it takes no more records.', { error });
    }
    return error;
  }

  /**
   * Has a batch written, or a seal when there is none. Writes of a shard are done in the order of the calls.
   */
  write(shard: number, batch: NewBatch | undefined): Promise<Appended> {
    const appended = this.#pending.add(shard, batch);
    this.#wake();
    return appended;
  }

  /**
   * Removes the segments that hold no readable record, from the oldest on. What cannot be removed now is the
   * next call's.
   */
  reclaim(): Promise<void> {
    this.#reclaiming ??= this.#chore(async () => {
      this.#reclaiming = undefined;
      await this.#attempt(() => this.#reclaim(), 'Could not free the space of a stream.');
    });
    return this.#reclaiming;
  }

  /**
   * The oldest segment on the disk, when it can be archived: it is finished and not the newest, and no record
   * of it arrived at or after a time.
   */
  archivable(before: Millis): Segment | undefined {
    return this.#isSound ? archivableOf(this.#segments, before) : undefined;
  }

  /** Begins a new segment when the newest has a record that arrived before a time. */
  turnOver(before: Millis): Promise<void> {
    const isDue = () => this.#isSound && isAged(this.#segments.at(-1), before);
    if (!isDue()) return Promise.resolve();
    return this.#chore(async () => {
      if (!isDue()) return;
      await this.#attempt(() => this.#renew(), 'Could not begin a new segment for the archive.');
    });
  }

  /** Something of the stream may be in the store from now on. */
  beginArchive(): Promise<void> {
    return this.#chore(async () => {
      if (this.gone === undefined) await this.note.begin();
    });
  }

  /**
   * A segment's object is whole: its file goes. False when the segment is no longer wanted. Rejects with the
   * system's error.
   */
  async archive(segment: Segment, entry: ArchivedSegment): Promise<boolean> {
    let isWanted = false;
    await this.#chore(async () => {
      isWanted = this.gone === undefined && this.#segments[0] === segment;
      if (isWanted) await this.#moveToArchive(segment, entry);
    });
    return isWanted;
  }

  /** Those on the disk, oldest first. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** The number of its oldest segment, wherever that is. */
  get oldest(): number | undefined {
    const { segments } = this.note;
    return segments.count > 0 ? segments.first : this.#segments[0]?.number;
  }

  /** How far it has come; undefined while there is nothing. */
  get end(): LogEnd | undefined {
    const last = this.#segments.at(-1);
    return last && { segment: last.number, bytes: last.end };
  }

  /** Writes what waits, then finishes the segment so that the next start need not scan it. */
  close(): Promise<void> {
    this.#refuse(new Error('The log is closed.'));
    return this.#chore(async () => {
      while (this.#pending.size > 0) await this.#round();
      await this.#attempt(() => this.#finish(), 'Could not finish a segment.');
    });
  }

  /** Refuses everything from now on, lets the round under way end, and then calls `remove`. */
  drop(remove: () => Promise<void>): Promise<void> {
    this.#refuse(new DroppedError('The stream was deleted.'));
    this.#pending.failWaiting(this.gone);
    return this.#chore(async () => {
      this.engine.archived.exclude(this.#directory);
      for (const segment of this.#segments) await this.#letGo(segment);
      await this.engine.files.forget(`${this.#directory}/${archiveNoteName}`);
      await remove();
    });
  }

  get #isSound(): boolean {
    return this.gone === undefined && this.damage === undefined;
  }

  #refuse(because: Error): void {
    this.gone = because;
    for (const shard of this.#shards.values()) shard.announce();
  }

  #attempt(work: () => Promise<void>, warning: string): Promise<void> {
    return this.engine.attempt(work, warning, { directory: this.#directory });
  }

  #chore(work: () => Promise<void>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#chores.push(() => work().then(resolve, reject));
    this.#wake();
    return promise;
  }

  /** Work begins after the calls of this moment, so that they share a round. */
  #wake(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    queueMicrotask(() => {
      this.#work().catch((error) => this.engine.env.panic('The log contradicts itself', error));
    });
  }

  async #work(): Promise<void> {
    while (this.#pending.size > 0 || this.#chores.length > 0) {
      if (this.#pending.size > 0) {
        await this.#pending.gather();
        await this.#round();
      }
      await this.#chores.shift()?.();
    }
    this.#isWorking = false;
  }

  /** One group commit: one write, one sync, and only then the answers. */
  async #round(): Promise<void> {
    const { options, env } = this.engine;
    const writes = await this.#pending.takeRound();
    if (writes.length === 0) return;
    const stateOf = (shard: number) => this.shard(shard).state;
    const drafts = draftRound(writes, stateOf, env.clock.now(), options.frameBytesMax, this.#keyIds);
    let extents: Extent[];
    try {
      const segment = await this.#openSegment();
      extents = await segment.append(drafts);
    } catch (error) {
      if (!isRefusedBySystem(error)) throw error;
      this.#pending.fail(error);
      return;
    }
    for (const extent of extents) this.shard(extent.shard).extend(extent);
    this.engine.tail.keep(drafts, (shard) => this.shard(shard).tail);
    for (const draft of drafts) this.shard(draft.shard).admit(draft);
    this.#pending.settle(drafts);
    for (const { shard } of drafts) this.shard(shard).announce();
  }

  /** The open segment, which is not full. */
  async #openSegment(): Promise<OpenSegment> {
    if (this.#open !== undefined && this.#open.segment.end >= this.engine.options.segmentBytes) {
      await this.#finish();
    }
    return this.#open ?? this.#begin();
  }

  async #begin(): Promise<OpenSegment> {
    const { directory: parent } = this.engine;
    const directory = this.#directory;
    const number = (this.#segments.at(-1)?.number ?? 0) + 1;
    if (number === 1) {
      await this.engine.makeDirectory(directory);
      await this.engine.syncDirectory(parent);
    }
    const place = { stream: this.id, directory, number, link: this.#link };
    this.#open = await createSegment(this.engine, { ...place, states: this.#states() });
    this.#segments.push(this.#open.segment);
    return this.#open;
  }

  async #finish(): Promise<void> {
    if (this.#open === undefined) return;
    await this.#open.finish(this.#states());
    this.#link = this.#open.link;
    this.#open = undefined;
  }

  #states(): ShardStates {
    const states = [...this.#shards.values()].map((shard) => shard.state);
    return new Map(
      states.filter(({ next, sealed }) => next > 0 || sealed).map((state) => [state.shard, state]),
    );
  }

  /**
   * Only from the oldest on, each removal durable before the next: so a gap in the numbers always means
   * damage. The newest has to stay, because it says where the shards stand; when none of its records can be
   * read, an empty one takes its place.
   */
  async #reclaim(): Promise<void> {
    await this.#forgetArchived();
    if (this.note.segments.count > 0) return;
    for (let oldest = this.#segments[0]; oldest !== undefined; oldest = this.#segments[0]) {
      if (this.#isReadable(oldest)) return;
      await this.engine.requireOwnership();
      if (this.#segments.length === 1) {
        if (oldest.extents.size === 0) return;
        await this.#renew();
      }
      await this.#removeFile(oldest);
      this.#segments.shift();
      await this.#letGo(oldest);
    }
  }

  async #forgetArchived(): Promise<void> {
    const isRead = (extent: ArchivedExtent) => this.shard(extent.shard).reads(extent);
    const gone = unreadable(this.note.segments, isRead);
    if (gone.length === 0) return;
    await this.engine.requireOwnership();
    const letGo = gone.map(({ number }) => this.note.segments.segment(number));
    await this.note.forget(gone);
    for (const segment of letGo) await this.#letGo(segment);
  }

  /** The segment is read from its object as soon as that is noted. */
  async #moveToArchive(segment: Segment, entry: ArchivedSegment): Promise<void> {
    await this.engine.requireOwnership();
    await this.note.add(entry);
    this.#segments.shift();
    for (const shard of segment.extents.keys()) this.shard(shard).archived(segment);
    await this.#letGo(segment);
    await this.#removeFile(segment);
  }

  /** Finishes the newest segment, and begins another. */
  async #renew(): Promise<void> {
    await this.#finish();
    await this.#begin();
  }

  async #removeFile({ path }: Segment): Promise<void> {
    await this.engine.env.disk.remove(path);
    await this.engine.syncDirectory(this.#directory);
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
