import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogState } from '../../catalog/state.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import { findShard, type Shard, type Stream } from '../../kinesis/stream.ts';
import type { RoutedPut } from '../routed-put.ts';
import { CallCounts, outcomeOf } from './call-counts.ts';
import type { ProducerCounts, ReaderCounts, SlowCall } from './counts.ts';
import { addProducer, addReader, type Changeable, newProducer, nothingRead, placeOf } from './done.ts';
import type { SketchedKeys } from './key-sketch.ts';
import { Lately } from './lately.ts';
import { LimitsHit } from './limits-hit.ts';
import { type MeterCursor, type MeterPage, pageMax } from './meter-page.ts';
import { PutCounts } from './put-counts.ts';
import { Sampler } from './sampler.ts';
import { column, type IsThere, noRow, ShardRows } from './shard-rows.ts';
import { SlowCalls } from './slow-calls.ts';

export type MeterWorld = {
  readonly catalog: Pick<Catalog, 'state'>;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
};

/** What a reader was given of a shard. */
export type Given = {
  readonly records: number;
  /** The bytes of keys and data. */
  readonly content: number;
  /** How long ago the last of them arrived; 0 at the tip. */
  readonly behind: Millis;
  readonly next: Offset;
};

/** What a thread knows of a shard. */
export type Sketched = { readonly shard: number; readonly known: SketchedKeys };

/** A call that is over. */
export type EndedCall = Pick<SlowCall, 'resource' | 'caller' | 'requestId'> & {
  /** As IAM's actions begin. */
  readonly service: string;
  readonly operation: string;
  /** Undefined when it succeeded. */
  readonly error: { readonly type: string; readonly status: number } | undefined;
};

/**
 * Counts what a thread does: what was put and read, by whom, and the calls of operations. It is told
 * afterwards, takes no lock, and allocates nothing for a record.
 */
export class Meter {
  readonly #world: MeterWorld;
  #since: Millis;
  readonly #sampler = new Sampler();
  readonly #rows: ShardRows;
  readonly #puts: PutCounts;
  readonly #readers = new Lately<Changeable<ReaderCounts>>(readersMax);
  readonly #producers = new Lately<Changeable<ProducerCounts>>(producersMax);
  readonly #calls = new CallCounts();
  readonly #slowCalls = new SlowCalls();
  readonly #limitsHit = new LimitsHit();

  constructor(world: MeterWorld) {
    this.#world = world;
    this.#since = world.clock.now();
    this.#rows = new ShardRows(existence(world.catalog), (row) => this.#sampler.forget(row));
    this.#puts = new PutCounts(this.#rows, this.#sampler);
  }

  /** When a call begins, for `ended`. */
  now(): Millis {
    return this.#world.clock.monotonic();
  }

  /**
   * A put has settled, and its outcome is what is answered. `by` is undefined where the server itself puts.
   */
  didPut(stream: Stream, routed: RoutedPut, by: string | undefined): void {
    const { records, bytes, at } = this.#puts.add(stream, routed);
    if (by === undefined || records === 0) return;
    const producer = this.#producers.of(by, stream.id, at, newProducer);
    producer.records += records;
    producer.bytes += bytes;
    producer.at = at;
  }

  /** GetRecords has answered a page. */
  didRead(stream: Stream, shard: Shard, given: Given, by: string): void {
    const row = this.#rows.of(stream.id, shard.index);
    if (row !== noRow) {
      this.#rows.add(row, column.recordsOut, given.records);
      this.#rows.add(row, column.bytesOut, given.content);
    }
    this.#follow('polling', stream, shard, given, by);
  }

  /** GetRecords was refused because of a limit of the shard. */
  readThrottled(stream: Stream, shard: Shard): void {
    const row = this.#rows.of(stream.id, shard.index);
    if (row !== noRow) this.#rows.add(row, column.readsThrottled, 1);
  }

  /** A subscription was given an event, and the consumer takes it. */
  didSend(stream: Stream, shard: Shard, given: Given, consumer: string): void {
    const row = this.#rows.of(stream.id, shard.index);
    if (row !== noRow) {
      this.#rows.add(row, column.fanOutRecords, given.records);
      this.#rows.add(row, column.fanOutBytes, given.content);
    }
    this.#follow('fan-out', stream, shard, given, consumer);
  }

  /** A call is over that began at a time of `now`. */
  ended(call: EndedCall, startedAt: Millis): void {
    const { service, operation, error, resource } = call;
    const { clock } = this.#world;
    const millis = clock.monotonic() - startedAt;
    const outcome = outcomeOf(error);
    this.#calls.add(service, operation, millis / 1000, outcome);
    if (outcome === 'throttled') this.hitLimit(error!.type, `${service}:${operation}`, resource, 1);
    if (!this.#slowCalls.mayTake(millis)) return;
    const { caller, requestId } = call;
    const slow = { resource, caller, requestId, operation: `${service}:${operation}` };
    this.#slowCalls.add({ ...slow, millis, at: clock.now() });
  }

  /** An error refused so much of an operation because of a limit. `ended` says so of calls. */
  hitLimit(error: string, operation: string, resource: string | undefined, count: number): void {
    this.#limitsHit.add(`${error} of ${operation}`, resource, count, this.#world.clock.now());
  }

  /** A page of what was counted. Rows of what is gone are given back on the way. */
  page({ kind, from }: MeterCursor): MeterPage {
    const now = this.#world.clock.now();
    const end = from + pageMax;
    const since = this.#since;
    if (kind === 'shards') {
      this.#rows.sweep(from, end);
      const shards = this.#rows.read(from, end);
      return { since, shards, next: after(kind, end, this.#rows.end) };
    }
    if (kind === 'readers') {
      const readers = this.#readers.read(from, end, now).map((reader) => ({ ...reader }));
      return { since, readers, next: after(kind, end, this.#readers.end) };
    }
    if (kind === 'producers') {
      const producers = this.#producers.read(from, end, now).map((producer) => ({ ...producer }));
      return { since, producers, next: after(kind, end, this.#producers.end) };
    }
    const calls = { operations: this.#calls.read(), slowCalls: this.#slowCalls.read(now) };
    return { since, ...calls, limitsHit: this.#limitsHit.read(), next: undefined };
  }

  /** What the sketches know of shards of a stream, by its id. */
  sketchesOf(stream: string, shards: readonly number[]): Sketched[] {
    const now = this.#world.clock.now();
    const rows = this.#rows.rowsOf(stream);
    return shards.flatMap((shard) => {
      const row = rows.get(shard);
      const known = row === undefined ? undefined : this.#sampler.read(row, now);
      return known === undefined ? [] : [{ shard, known }];
    });
  }

  /** Adds a page of a meter whose thread is no more. */
  include(page: MeterPage): void {
    const { since, shards = [], readers = [], producers = [], operations = [] } = page;
    const now = this.#world.clock.now();
    this.#since = Math.min(this.#since, since);
    for (const counts of shards) this.#rows.include(counts);
    for (const reader of readers) {
      addReader(
        this.#readers.of(reader.name, placeOf(reader), now, () => nothingRead(reader)),
        reader,
      );
    }
    for (const producer of producers) {
      const { name, stream } = producer;
      addProducer(this.#producers.of(name, stream, now, newProducer), producer);
    }
    for (const counts of operations) this.#calls.include(counts);
    for (const call of page.slowCalls ?? []) this.#slowCalls.add(call);
    for (const { limit, resource, count, lastAt } of page.limitsHit ?? []) {
      this.#limitsHit.add(limit, resource, count, lastAt);
    }
  }

  #follow(kind: ReaderCounts['kind'], { id }: Stream, { index }: Shard, given: Given, name: string): void {
    const at = this.#world.clock.now();
    const { records, content: bytes, behind, next } = given;
    const read = { stream: id, shard: index, kind, name, records, bytes, ageMs: behind, next, at };
    addReader(
      this.#readers.of(name, placeOf(read), at, () => nothingRead(read)),
      read,
    );
  }
}

/** Callers and shards, and callers and streams, each some 200 bytes. */
const readersMax = 20_000;
const producersMax = 5_000;

function after(kind: 'shards' | 'readers' | 'producers', end: number, last: number): MeterCursor {
  if (end < last) return { kind, from: end };
  const then = { shards: 'readers', readers: 'producers', producers: 'calls' } as const;
  return { kind: then[kind], from: 0 };
}

/** Which streams and shards there are when it is called; worked out once for each state. */
function existence(catalog: MeterWorld['catalog']): () => IsThere {
  let known: CatalogState | undefined;
  let streams = new Map<string, Stream>();
  return () => {
    if (known !== catalog.state) {
      known = catalog.state;
      streams = new Map([...known.streams.values()].map((stream) => [stream.id, stream]));
    }
    return (id, shard) => {
      const stream = streams.get(id);
      if (stream === undefined) return false;
      return findShard(stream, shard) === undefined ? 'stream' : 'shard';
    };
  };
}
