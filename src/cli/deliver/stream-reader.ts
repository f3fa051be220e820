import type { Catalog } from '../../catalog/catalog.ts';
import { type CatalogState, emptyState, streamKeyOf } from '../../catalog/state.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import type { StreamAddress } from '../../kinesis/arn.ts';
import { hashKeyMax } from '../../kinesis/hash-key.ts';
import { parseShardId } from '../../kinesis/shard-id.ts';
import { newStreamSettings, type Shard, type Stream } from '../../kinesis/stream.ts';
import { Condition } from '../../log/condition.ts';
import type { Position, ReadRequest, Records, ShardKey, Slice } from '../../log/log.ts';
import { KinesisRefusal } from '../copy/kinesis-end.ts';
import type { ListedShard, Source } from '../copy/source.ts';
import type { DeliveredShard, DeliverState } from './deliver-state.ts';
import { ShardReader, UnknownPlaceError } from './shard-reader.ts';

export type StreamReaderParts = {
  readonly source: Source;
  readonly state: DeliverState;
  readonly address: StreamAddress;
  /** The stream's id. */
  readonly id: string;
  readonly clock: Clock;
  readonly follows: boolean;
  /** Hears how far behind the tip a shard was read. */
  readonly heard: (shardId: string, behindMs: Millis) => void;
  /** Hears what trying again does not help. */
  readonly failed: (error: Error) => void;
};

/**
 * A stream of another service, read by its API, as deliveries read streams: records that have offsets, and a
 * catalog that has the stream with its shards. A shard is closed there once it is known where it ends.
 */
export class StreamReader {
  readonly #parts: StreamReaderParts;
  readonly #readers = new Map<number, ShardReader>();
  readonly #atTip = new Set<number>();
  readonly #changed = new Condition();
  #catalog: CatalogState;

  constructor(parts: StreamReaderParts) {
    this.#parts = parts;
    this.#catalog = this.#made(1);
  }

  /** How many shards there are to read, and how many of them were read to their end. */
  get shards(): { readonly all: number; readonly ended: number } {
    const shards = [...this.#parts.state.shards.values()];
    return { all: shards.length, ended: shards.filter(({ end }) => end !== undefined).length };
  }

  get catalog(): Catalog {
    const state = () => this.#catalog;
    const changed = this.#changed;
    return {
      get state() {
        return state();
      },
      current: async () => state(),
      commit: () => Promise.reject(new Error('the stream is not ours')),
      changed: (signal) => {
        const { version } = state();
        return changed.until(() => state().version !== version, signal);
      },
    };
  }

  get records(): Records {
    return {
      append: () => Promise.reject(new Error('the stream is not ours')),
      read: (key, request) => this.#read(key, request),
      // All that is there is behind the beginning, which is where the first record is counted from.
      seek: async () => 0,
      // Where a shard ends is known once it was read.
      position: async () => ({ start: 0, end: unknownEnd, lastArrival: Number.NEGATIVE_INFINITY }),
      grown: async ({ shard }, _past, signal) => {
        if (this.#atTip.has(shard)) await this.#parts.clock.sleep(restMs, signal);
        this.#atTip.delete(shard);
      },
    };
  }

  /** Adds shards that are there and are not known. Rejects as calls do. */
  async list(): Promise<void> {
    const { source, state, follows } = this.#parts;
    const listed = await source.shards();
    const isBegun = state.shards.size > 0;
    if (!isBegun || follows) for (const shard of listed) this.#add(shard);
    const there = new Set(listed.map(({ ShardId: id }) => id));
    for (const shard of state.shards.values()) if (!there.has(shard.shardId)) expire(shard);
    this.#announce();
  }

  async #read({ shard: index }: ShardKey, { from, limit }: ReadRequest): Promise<Slice> {
    const shard = this.#parts.state.shards.get(index)!;
    const read = await this.#guarded(() => this.#readerOf(shard).read(from, limit));
    if (read.isAtTip) await this.#settle(shard, read.next, read.isLast);
    const end = read.batches.length > 0 && !read.isAtTip ? read.next + 1 : read.next;
    const position: Position = { start: 0, end, lastArrival: Number.NEGATIVE_INFINITY };
    return { ...position, batches: read.batches };
  }

  /** What a shard's tip was reached at is where it ends, where what comes later is not asked for. */
  async #settle(shard: DeliveredShard, next: number, isLast: boolean): Promise<void> {
    this.#atTip.add(shard.index);
    if (shard.end !== undefined || !(isLast || !this.#parts.follows)) return;
    if (this.#parts.follows) await this.#guarded(() => this.list());
    shard.end = next;
    this.#announce();
  }

  async #guarded<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof KinesisRefusal || error instanceof UnknownPlaceError) this.#parts.failed(error);
      throw error;
    }
  }

  #readerOf(shard: DeliveredShard): ShardReader {
    const known = this.#readers.get(shard.index);
    if (known !== undefined) return known;
    const { source, state, follows, heard } = this.#parts;
    const reader = new ShardReader({
      ...{ source, shard, start: state.start },
      until: follows ? Number.POSITIVE_INFINITY : state.began + clocksDifferMs,
      heard: (behindMs) => heard(shard.shardId, behindMs),
    });
    this.#readers.set(shard.index, reader);
    return reader;
  }

  #add({ ShardId: shardId, ParentShardId, AdjacentParentShardId }: ListedShard): void {
    const index = parseShardId(shardId);
    const { shards } = this.#parts.state;
    if (index === undefined || shards.has(index)) return;
    const parents = [ParentShardId, AdjacentParentShardId].flatMap((id) =>
      id ? (parseShardId(id) ?? []) : [],
    );
    shards.set(index, { shardId, index, parents, anchors: new Map() });
  }

  #announce(): void {
    this.#catalog = this.#made(this.#catalog.version + 1);
    this.#changed.announce();
  }

  #made(version: number): CatalogState {
    const { state, address, id } = this.#parts;
    const shards = [...state.shards.values()].sort((one, other) => one.index - other.index).map(shardOf);
    const stream: Stream = {
      ...newStreamSettings,
      ...{ ...address, id, shards, status: 'ACTIVE', createdAt: 0, consumers: [], recent: noneRecent },
      nextShard: (shards.at(-1)?.index ?? -1) + 1,
      // What has expired, the service says.
      retentionHours: Number.MAX_SAFE_INTEGER,
    };
    return { ...emptyState, version, streams: new Map([[streamKeyOf(stream), stream]]) };
  }
}

/** Offsets are safe integers. */
const unknownEnd = Number.MAX_SAFE_INTEGER;

/** How long a shard's tip is left alone: five calls a second is what a shard takes of all readers. */
const restMs: Millis = 1_000;

/** Of records that arrive while a stream is read, those of so long are taken, as clocks may differ. */
const clocksDifferMs: Millis = 300_000;

const { recent: noneRecent } = newStreamSettings;

/** Nothing more is read of it. */
function expire(shard: DeliveredShard): void {
  shard.end ??= Math.max(0, ...shard.anchors.keys());
}

function shardOf({ index, parents, end }: DeliveredShard): Shard {
  const closed = end === undefined ? undefined : { at: never, end, childrenAt: never };
  const range = { first: 0n, last: hashKeyMax };
  return { index, parents, range, createdAt: 0, ...(closed !== undefined && { closed }) };
}

/** It does not expire here. */
const never: Millis = Number.MAX_SAFE_INTEGER;
