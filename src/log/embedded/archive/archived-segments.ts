import { strict as assert } from 'node:assert';
import { Bounded } from '../../../env/bounded.ts';
import type { Millis } from '../../../env/clock.ts';
import { firstWhere } from '../../../env/first-where.ts';
import type { Offset } from '../../../kinesis/record.ts';
import { readU32, readU64 } from '../format/u64.ts';
import { type Extent, newSegment, type Segment, segmentName } from '../segment.ts';
import {
  type ArchivedSegment,
  decodeSegment,
  encodeEntry,
  entryHeadBytes,
  extentField,
  keyBytes,
  segmentField,
} from './archive-entry.ts';

/**
 * The segments of a stream that lie in a store, the oldest first and without a gap. They may be very many, so
 * memory keeps them as the bytes of their entries: 88 bytes for a segment, and 40 for each shard in it.
 */
export class ArchivedSegments {
  readonly #directory: string;
  /** Entries one after the other, of which the first may be of forgotten segments. */
  #bytes: Buffer = Buffer.alloc(0);
  /** Positions count from the first entry that there ever was here; `#bytes` begins at this one. */
  #base = 0;
  #end = 0;
  /** The positions of the entries' bodies, and the number of the segment of the first. */
  #bodies: number[] = [];
  #firstNumber = 1;
  /** By shard: the positions of its extents, ascending. */
  readonly #extents = new Map<number, number[]>();
  /** Those that were used last, each the same object for all who ask. */
  #used = new Bounded<number, Segment>(segmentsUsedMax);
  highestKey = 0;

  /** `directory` is the stream's, in which they once were. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  get count(): number {
    return this.#bodies.length;
  }

  /** The number of the oldest. Only when there is one. */
  get first(): number {
    assert(this.count > 0);
    return this.#firstNumber;
  }

  /** The number of the newest. Only when there is one. */
  get last(): number {
    assert(this.count > 0);
    return this.#firstNumber + this.count - 1;
  }

  /** How long `entries` are. */
  get entryBytes(): number {
    return this.#end - this.#begin;
  }

  /** What a file says that says all of this. */
  entries(): Buffer {
    return this.#bytes.subarray(this.#begin - this.#base, this.#end - this.#base);
  }

  has(number: number): boolean {
    return number >= this.#firstNumber && number < this.#firstNumber + this.count;
  }

  shards(): Iterable<number> {
    return this.#extents.keys();
  }

  /** Must be there. */
  entry(number: number): ArchivedSegment {
    const at = this.#bodyOf(number) - this.#base;
    return decodeSegment(this.#bytes.subarray(at, at + this.#bodyBytes(at)));
  }

  /** As readers have it; must be there. */
  segment(number: number): Segment {
    const known = this.#used.get(number);
    if (known !== undefined) return known;
    const { epoch, end, extents, keys } = this.entry(number);
    const segment = newSegment(number, `${this.#directory}/${segmentName(number)}`, epoch, end);
    segment.index = undefined;
    for (const extent of extents) segment.extents.set(extent.shard, { ...extent, segment });
    for (const [id, position] of keys) segment.keys.set(id, { position });
    this.#used.set(number, segment);
    return segment;
  }

  /** The next one follows the newest, unless there is none. */
  add(segment: ArchivedSegment): void {
    this.addEntry(encodeEntry({ kind: 'archived', segment }));
  }

  /** The same, of a segment by its entry. Throws when that is not what `encodeEntry` makes. */
  addEntry(entry: Buffer): void {
    const content = entry.subarray(entryHeadBytes);
    const number = readU64(content, segmentField.number);
    const extents = readU32(content, segmentField.extents);
    const keysAt = segmentField.after + extents * extentField.after;
    assert(keysAt + readU32(content, segmentField.keys) * keyBytes === content.length);
    if (this.count === 0) this.#firstNumber = number;
    assert(number === this.#firstNumber + this.count);
    this.#reserve(entry.length);
    entry.copy(this.#bytes, this.#end - this.#base);
    const body = this.#end + entryHeadBytes;
    this.#end += entry.length;
    this.#bodies.push(body);
    for (let at: number = segmentField.after; at < keysAt; at += extentField.after) {
      const shard = readU32(content, at + extentField.shard);
      const places = this.#extents.get(shard);
      if (places === undefined) this.#extents.set(shard, [body + at]);
      else places.push(body + at);
    }
    for (let at = keysAt; at < content.length; at += keyBytes) {
      this.highestKey = Math.max(this.highestKey, readU32(content, at));
    }
  }

  /** Forgets the oldest, up to this one. */
  forget(number: number): void {
    const gone = Math.min(this.count, Math.max(0, number - this.#firstNumber + 1));
    if (gone === 0) return;
    this.#bodies.splice(0, gone);
    this.#firstNumber += gone;
    const from = this.#begin;
    for (const [shard, places] of this.#extents) {
      const kept = firstWhere(places.length, (index) => places[index]! >= from);
      places.splice(0, kept);
      if (places.length === 0) this.#extents.delete(shard);
    }
    this.#used = new Bounded(segmentsUsedMax);
    if (from - this.#base > this.#bytes.length / 2) this.#rebase(0);
  }

  /** How many extents of a shard there are. */
  extentsOf(shard: number): number {
    return this.#extents.get(shard)?.length ?? 0;
  }

  /** The extent of a shard at an index. */
  extent(shard: number, index: number): Extent {
    const place = this.#place(shard, index);
    const number = this.#firstNumber + firstWhere(this.count, (at) => this.#bodies[at]! > place) - 1;
    return this.segment(number).extents.get(shard)!;
  }

  nextOf(shard: number, index: number): Offset {
    return readU64(this.#bytes, this.#place(shard, index) - this.#base + extentField.next);
  }

  lastArrivalOf(shard: number, index: number): Millis {
    return readU64(this.#bytes, this.#place(shard, index) - this.#base + extentField.lastArrival);
  }

  #place(shard: number, index: number): number {
    const place = this.#extents.get(shard)?.[index];
    assert(place !== undefined);
    return place;
  }

  #bodyOf(number: number): number {
    assert(this.has(number));
    return this.#bodies[number - this.#firstNumber]!;
  }

  /** The length of the body at a place in `#bytes`, which its head says. */
  #bodyBytes(at: number): number {
    return this.#bytes.readUInt32BE(at - entryHeadBytes + 8);
  }

  #reserve(bytes: number): void {
    if (this.#end - this.#base + bytes > this.#bytes.length) this.#rebase(bytes);
  }

  /** Where the first entry begins. */
  get #begin(): number {
    const [body] = this.#bodies;
    return body === undefined ? this.#end : body - entryHeadBytes;
  }

  /** Lets go of what was forgotten, and has room for more. */
  #rebase(room: number): void {
    const from = this.#begin;
    const kept = this.#bytes.subarray(from - this.#base, this.#end - this.#base);
    const bytes = Buffer.alloc(Math.max(kept.length + room, kept.length * 2, 1024));
    kept.copy(bytes);
    this.#bytes = bytes;
    this.#base = from;
  }
}

const segmentsUsedMax = 256;
