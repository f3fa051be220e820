import { isRefusedBySystem } from '../../../env/disk.ts';
import { KeyIds } from '../../key-ids.ts';
import { type Appended, type DamagedError, DroppedError, type NewBatch } from '../../log.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { LogEnd } from '../recover/ends.ts';
import { type Recovered, recover } from '../recover/recovery.ts';
import type { Extent, Segment } from '../segment.ts';
import { type ShardStates, untouched } from '../shard-state.ts';
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
  readonly #stream: string;
  readonly #directory: string;
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
    this.#stream = stream;
    this.#directory = directory;
    this.#pending = new PendingAppends(engine);
    this.#segments = recovered.segments;
    this.#link = recovered.link;
    this.#keyIds = new KeyIds(highestKeyOf(recovered.segments));
    const extents = Map.groupBy(
      recovered.segments.flatMap((segment) => [...segment.extents.values()]),
      (extent) => extent.shard,
    );
    for (const state of recovered.states.values()) {
      const shard = new ShardLog(this, state, extents.get(state.shard) ?? []);
      this.#shards.set(state.shard, shard);
    }
  }

  shard(number: number): ShardLog {
    const shard = this.#shards.get(number) ?? new ShardLog(this, untouched(number), []);
    this.#shards.set(number, shard);
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
      for (const segment of this.#segments) await this.#letGo(segment);
      await remove();
    });
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
    const { env, directory: parent } = this.engine;
    const directory = this.#directory;
    const number = (this.#segments.at(-1)?.number ?? 0) + 1;
    if (number === 1) {
      await this.engine.makeDirectory(directory);
      await this.engine.makeDurable(parent, () => env.disk.syncDirectory(parent));
    }
    const place = { stream: this.#stream, directory, number, link: this.#link };
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

function highestKeyOf(segments: readonly Segment[]): number {
  let highest = 0;
  for (const { keys } of segments) for (const id of keys.keys()) highest = Math.max(highest, id);
  return highest;
}
