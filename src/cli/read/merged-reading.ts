import type { Clock, Millis } from '../../env/clock.ts';
import { detached } from '../../env/detached.ts';
import { StartError } from '../../env/start-error.ts';
import type { ViewedRecord } from '../../views/view.ts';
import { type From, isReady, type ListedShard, type Source } from '../copy/source.ts';
import { type ReadRecord, ShardCursor } from './shard-cursor.ts';

/** A stream that is read: its shards, and their pages. */
export type ReadSource = Pick<Source, 'shards' | 'pages'>;

/** What is to be read of a stream. */
export type Reading = {
  readonly from: From;
  /** In milliseconds since 1970: what arrives then or later is not read. Undefined for no end. */
  readonly end: Millis | undefined;
  /** Whether shards are read on at their tips, until the end; otherwise that is where reading ends. */
  readonly follows: boolean;
  /** Ids; undefined for all shards, and for those that come of them. */
  readonly shards: readonly string[] | undefined;
  /** How long a shard is left alone at its tip. */
  readonly pauseMs: Millis;
};

/**
 * Records of all shards in the order of their arrival, those of each shard in its own order, some at a time
 * as they come. At the tips they are held until each other shard was asked once more: that is the window in
 * which they can be put in order. Shards that come of others are read after them. Ends, too, when the signal
 * is aborted. Rejects as calls do, and with `StartError` for a shard that there is not.
 */
export async function* readMerged(
  source: ReadSource,
  reading: Reading,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<readonly ViewedRecord[]> {
  const shards = await source.shards();
  requireShards(reading.shards, shards);
  const run = new MergedReading(source, reading, clock);
  run.begin(shards);
  const aborted = abortOf(signal);
  while (!run.isOver && !signal.aborted) {
    const read = run.readDue();
    // Whoever aborts does not wait for what is under way, and does not want to hear of it.
    detached(read, () => {});
    await Promise.race([read, aborted]);
    const records = run.takeReady();
    if (records.length > 0) yield records;
    else await clock.sleep(run.pauseMs(), signal);
  }
}

function requireShards(wanted: readonly string[] | undefined, shards: readonly ListedShard[]): void {
  const ids = shards.map(({ ShardId }) => ShardId);
  const missing = wanted?.find((shard) => !ids.includes(shard));
  if (missing !== undefined) throw new StartError(`there is no shard ${missing}; there are ${someOf(ids)}`);
}

const someOf = (ids: readonly string[]) =>
  ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} others` : ids.join(', ');

function abortOf(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  if (signal.aborted) resolve();
  return promise;
}

class MergedReading {
  readonly #source: ReadSource;
  readonly #reading: Reading;
  readonly #clock: Clock;
  readonly #end: Millis;
  readonly #cursors = new Map<string, ShardCursor>();
  /** When a shard is asked again, by the monotonic clock. */
  readonly #dueAt = new Map<string, Millis>();
  readonly #over = new Set<string>();
  /** Where shards ended that were read to their end. */
  readonly #endOrders = new Map<string, Millis>();

  constructor(source: ReadSource, reading: Reading, clock: Clock) {
    this.#source = source;
    this.#reading = reading;
    this.#clock = clock;
    this.#end = reading.end ?? Number.POSITIVE_INFINITY;
  }

  get isOver(): boolean {
    return this.#cursors.size === 0;
  }

  begin(shards: readonly ListedShard[]): void {
    const { from } = this.#reading;
    if (from.ShardIteratorType === 'LATEST') {
      // Of a shard that has ended nothing is to come, and its children are there already.
      const ended = shards.filter(
        ({ SequenceNumberRange: range }) => range.EndingSequenceNumber !== undefined,
      );
      for (const { ShardId } of ended) this.#over.add(ShardId);
    }
    this.#open(shards, from);
  }

  /** Opens what can be read now: what came before it was read. */
  #open(shards: readonly ListedShard[], from: From): void {
    const { shards: wanted } = this.#reading;
    const listed = wanted === undefined ? shards : shards.filter(({ ShardId }) => wanted.includes(ShardId));
    const ids = new Set(listed.map(({ ShardId }) => ShardId));
    const ready = listed.filter(({ ShardId }) => !this.#over.has(ShardId) && !this.#cursors.has(ShardId));
    const recordsMax = Math.max(pageRecordsMin, Math.floor(pageRecordsMax / Math.max(1, listed.length)));
    for (const shard of ready) {
      if (!isReady(shard, ids, this.#over)) continue;
      const pages = this.#source.pages(shard.ShardId, from, recordsMax);
      const bounds = { end: this.#end, order: this.#orderBefore(shard) };
      this.#cursors.set(shard.ShardId, new ShardCursor(shard.ShardId, pages, this.#clock, bounds));
    }
  }

  /** Where what a shard was made of ended. */
  #orderBefore({ ParentShardId, AdjacentParentShardId }: ListedShard): Millis {
    const orders = [ParentShardId, AdjacentParentShardId].map(
      (parent) => this.#endOrders.get(parent ?? '') ?? 0,
    );
    return Math.max(...orders);
  }

  /** Reads a page of each shard of which all was taken, and opens what comes of those that have ended. */
  async readDue(): Promise<void> {
    const now = this.#clock.monotonic();
    const due = [...this.#cursors.values()].filter(
      ({ isEmpty, shard }) => isEmpty && (this.#dueAt.get(shard) ?? 0) <= now,
    );
    for (let first = 0; first < due.length; first += callsAtOnce)
      await Promise.all(due.slice(first, first + callsAtOnce).map((cursor) => this.#read(cursor)));
    const cursors = [...this.#cursors.values()];
    const ended = cursors.filter(({ shard, isShardOver }) => isShardOver && !this.#over.has(shard));
    for (const { shard, order } of ended) {
      this.#over.add(shard);
      this.#endOrders.set(shard, order);
    }
    if (ended.length > 0) this.#open(await this.#source.shards(), { ShardIteratorType: 'TRIM_HORIZON' });
    for (const { shard, isOver, isEmpty } of cursors) if (isOver && isEmpty) this.#cursors.delete(shard);
  }

  async #read(cursor: ShardCursor): Promise<void> {
    await cursor.read();
    if (cursor.isAtTip && !this.#reading.follows) cursor.stop();
    this.#dueAt.set(cursor.shard, cursor.isAtTip ? this.#clock.monotonic() + this.#reading.pauseMs : 0);
  }

  /** What no record can come before any more, in its order. */
  takeReady(): readonly ViewedRecord[] {
    const cursors = [...this.#cursors.values()];
    const taken: ReadRecord[] = [];
    for (const cursor of cursors) {
      const others = cursors.filter((other) => other !== cursor);
      cursor.take((record) => others.every((other) => other.knowsBefore(record)), taken);
    }
    taken.sort((left, right) => left.order - right.order);
    return taken.map(({ record }) => record);
  }

  /** How long there is nothing to be read. */
  pauseMs(): Millis {
    const now = this.#clock.monotonic();
    const times = [...this.#cursors.values()].map(({ shard, isEmpty }) =>
      isEmpty ? (this.#dueAt.get(shard) ?? 0) : now + this.#reading.pauseMs,
    );
    return times.length === 0 ? 0 : Math.max(0, Math.min(...times) - now);
  }
}

/** Of all shards together, as far as each still gets a page worth asking for. */
const pageRecordsMax = 10_000;
const pageRecordsMin = 100;

const callsAtOnce = 32;
