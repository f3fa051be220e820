import { strict as assert } from 'node:assert';
import { discard } from '../env/discard.ts';
import { hashKeyWords } from '../kinesis/hash-key.ts';
import { type NewRecords, type RecordBatch, recordHeaderBytes } from '../kinesis/record.ts';
import type { Shard, Stream } from '../kinesis/stream.ts';
import type { Appended } from '../log/log.ts';
import { type Router, routerOf } from './router.ts';

/** The records of a request that go to one shard, in the order of the request; or those that it refused. */
export type ShardWrite = {
  readonly shard: Shard;
  count: number;
  /** What the records take in a batch. */
  bytes: number;
  batch: RecordBatch | undefined;
  outcome: Outcome;
  /**
   * The places in the batch of the records that the log has refused, once it has counted them all: those that
   * are left are not counted again.
   */
  refused?: readonly number[];
};

/** Where a part's records are, or why they are nowhere (yet). */
export type Outcome =
  | { readonly kind: 'waiting' | 'throttled' | 'closed' }
  | ({ readonly kind: 'stored' } & Appended)
  | { readonly kind: 'failed'; readonly cause: unknown };

/**
 * The records of a request, sorted into parts and encoded, with the batches of all parts in one buffer. A
 * record is its index in the request; all that is kept of it is the number of its part.
 */
export class RoutedPut {
  readonly records: NewRecords;
  /** Rerouted records are in the later parts. */
  readonly parts: ShardWrite[] = [];
  /** The index of each record's part. */
  readonly partOf: Int32Array;

  /** Packs records for their shards; undefined when the data of one cannot be decoded. */
  static of(stream: Stream, records: NewRecords): RoutedPut | undefined {
    const put = new RoutedPut(records);
    put.#route(routerOf(stream));
    return put.#encode() ? put : undefined;
  }

  private constructor(records: NewRecords) {
    this.records = records;
    this.partOf = new Int32Array(records.count).fill(unrouted);
  }

  /** What each record of a part counts for, in the order of its batch. */
  sizes(): ReadonlyMap<ShardWrite, readonly number[]> {
    const sizes = this.parts.map((): number[] => []);
    for (let index = 0; index < this.records.count; index++) {
      sizes[this.partOf[index]!]!.push(this.records.sizeOf(index));
    }
    return new Map(this.parts.map((part, place) => [part, sizes[place]!]));
  }

  /** Takes out the records that the log has refused; the others are to be appended again. False for none. */
  refuseWhatLogRefused(): boolean {
    const refused = this.parts.map((part) => {
      const places = new Set(part.refused);
      if (places.size > 0) part.refused = [];
      return places;
    });
    if (refused.every((places) => places.size === 0)) return false;
    const next = new Int32Array(refused.length);
    this.refuse((index) => {
      const part = this.partOf[index]!;
      return refused[part]!.has(next[part]!++);
    });
    return true;
  }

  /** Takes the refused records out of their parts, into parts of their own. */
  refuse(isRefused: (index: number) => boolean): void {
    const before = this.parts.length;
    const refusedBy = new Map<number, number>();
    for (let index = 0; index < this.records.count; index++) {
      if (!isRefused(index)) continue;
      const from = this.partOf[index]!;
      const { shard } = this.parts[from]!;
      if (!refusedBy.has(from)) refusedBy.set(from, this.#open(shard, 'throttled'));
      this.#count(index, -1);
      this.partOf[index] = refusedBy.get(from)!;
      this.#count(index, 1);
    }
    if (this.parts.length > before) assert(this.#encode());
  }

  /** Sorts the records of closed parts into new parts, for the shards of the stream as it is now. */
  reroute(stream: Stream): void {
    for (let index = 0; index < this.records.count; index++) {
      const part = this.parts[this.partOf[index]!]!;
      if (part.outcome.kind !== 'closed') continue;
      this.#count(index, -1);
      this.partOf[index] = unrouted;
    }
    this.#route(routerOf(stream));
    assert(this.#encode());
  }

  #route(router: Router): void {
    const { count, hashKeys } = this.records;
    const partAt = new Map<number, number>();
    for (let index = 0; index < count; index++) {
      if (this.partOf[index] !== unrouted) continue;
      const place = hashKeys === undefined ? router.next() : router.find(hashKeys, index * hashKeyWords);
      let found = partAt.get(place);
      if (found === undefined) {
        found = this.#open(router.shards[place]!, 'waiting');
        partAt.set(place, found);
      }
      this.partOf[index] = found;
      this.#count(index, 1);
    }
  }

  #open(shard: Shard, kind: 'waiting' | 'throttled'): number {
    return this.parts.push({ shard, count: 0, bytes: 0, batch: undefined, outcome: { kind } }) - 1;
  }

  /** Makes the batches of the waiting parts. False when data cannot be decoded. */
  #encode(): boolean {
    const places = this.#layOut();
    const bytes = Buffer.allocUnsafe(places.length);
    const { ends } = places;
    for (let index = 0; index < this.records.count; index++) {
      const part = this.partOf[index]!;
      const at = ends[part]!;
      if (at === elsewhere) continue;
      if (!this.records.encode(index, bytes, at)) {
        discard(bytes);
        return false;
      }
      ends[part] = at + this.#bytesOf(index);
    }
    this.parts.forEach((part, index) => {
      const end = ends[index]!;
      if (end !== elsewhere) part.batch = { count: part.count, bytes: bytes.subarray(end - part.bytes, end) };
    });
    return true;
  }

  /** Where each waiting part begins in a buffer, and the buffer's length. */
  #layOut(): { readonly ends: number[]; readonly length: number } {
    let length = 0;
    const ends = this.parts.map(({ bytes, outcome }) => {
      if (outcome.kind !== 'waiting') return elsewhere;
      length += bytes;
      return length - bytes;
    });
    return { ends, length };
  }

  /** Adds a record to its part, or takes it away. */
  #count(index: number, sign: 1 | -1): void {
    const part = this.parts[this.partOf[index]!]!;
    part.count += sign;
    part.bytes += sign * this.#bytesOf(index);
  }

  #bytesOf(index: number): number {
    return recordHeaderBytes + this.records.sizeOf(index);
  }
}

const unrouted = -1;
const elsewhere = -1;
