import type { Millis } from '../../src/env/clock.ts';
import { ProducerStates } from './producer-states.ts';
import type { StoredBatch } from './stored-batch.ts';

/** The offset at which the first batch of a leader's epoch is, or will be. */
export type EpochStart = { readonly epoch: number; readonly start: number };

type Segment = { readonly first: number; readonly begun: Millis; bytes: number; timeMax: Millis };

/** What a segment may hold, and for how long it may be written to. */
export type SegmentLimits = { readonly bytes: number; readonly ms: Millis };

/** A batch, and by when it is on the disk whatever happens. */
type Written = { readonly batch: StoredBatch; readonly durableAt: Millis };

/** Linux writes a dirty page back after 30 s, `vm.dirty_expire_centisecs`. */
const writebackMs = 30_000;

/** One broker's log of one partition: batches without gaps, in segments, which are what retention deletes. */
export class ReplicaLog {
  readonly producers = new ProducerStates();
  #written: Written[] = [];
  #segments: Segment[] = [];
  #epochs: EpochStart[] = [];
  #start = 0;
  #end = 0;

  /** The oldest offset that is left. */
  get start(): number {
    return this.#start;
  }

  /** The offset after the last. */
  get end(): number {
    return this.#end;
  }

  /** The epoch of the last batch, or of a leader that has not written yet. */
  get lastEpoch(): number {
    return this.#epochs.at(-1)?.epoch ?? -1;
  }

  get segmentStarts(): readonly number[] {
    return this.#segments.map(({ first }) => first);
  }

  /** The time is the machine's, and only counts until when the batch may be lost. */
  append(batch: StoredBatch, { bytes, ms }: SegmentLimits, now: Millis, time: Millis): void {
    const last = this.#segments.at(-1);
    const isFull = last === undefined || last.bytes + batch.bytes.length > bytes || now - last.begun > ms;
    if (isFull) this.#segments.push({ first: batch.first, begun: now, bytes: 0, timeMax: -1 });
    const segment = this.#segments.at(-1)!;
    segment.bytes += batch.bytes.length;
    segment.timeMax = Math.max(segment.timeMax, batch.timeMax);
    this.#written.push({ batch, durableAt: time + writebackMs });
    this.#end = batch.last + 1;
    if (batch.leaderEpoch > this.lastEpoch) this.beginEpoch(batch.leaderEpoch, batch.first);
    this.producers.add(batch);
  }

  beginEpoch(epoch: number, start = this.#end): void {
    if (epoch > this.lastEpoch) this.#epochs.push({ epoch, start });
  }

  /** The last epoch up to `epoch` that is known here, and where it ends; undefined when none is. */
  endOf(epoch: number): { readonly epoch: number; readonly end: number } | undefined {
    const index = this.#epochs.findLastIndex((known) => known.epoch <= epoch);
    if (index < 0) return undefined;
    return { epoch: this.#epochs[index]!.epoch, end: this.#epochs[index + 1]?.start ?? this.#end };
  }

  /** Forgets what is at and after an offset, in whole batches. */
  truncate(to: number): void {
    if (to >= this.#end) {
      // A leader that appended nothing in its epoch leaves that epoch behind (Kafka's UnifiedLog.truncateTo).
      this.#epochs = this.#epochs.filter(({ start }) => start < to);
      return;
    }
    const kept = this.#written.filter(({ batch }) => batch.last < to);
    this.#end = Math.max(this.#start, (kept.at(-1)?.batch.last ?? Math.min(to, this.#start) - 1) + 1);
    this.#keep(kept);
  }

  /** Forgets everything, and goes on at an offset. */
  restart(at: number): void {
    this.#start = at;
    this.#end = at;
    this.#epochs = [];
    this.#keep([]);
  }

  /** Forgets what is before an offset: readers at once, the disk whole segments. */
  trim(before: number): void {
    if (before < this.#start) return;
    if (before > this.#end) this.restart(before);
    this.#start = before;
    while ((this.#segments[1]?.first ?? this.#end) <= before && this.#segments.length > 0)
      this.#segments.shift();
    const oldest = this.#segments[0]?.first ?? this.#end;
    const index = this.#written.findIndex(({ batch }) => batch.last >= oldest);
    this.#written.splice(0, index < 0 ? this.#written.length : index);
  }

  /** Deletes the oldest segments of which every record was written before a time and is below an offset. */
  expire(before: Millis, below: number): void {
    for (;;) {
      const [oldest, next] = this.#segments;
      const end = next?.first ?? this.#end;
      if (oldest === undefined || oldest.timeMax >= before || end > below) return;
      this.trim(end);
    }
  }

  /** A power cut: what is not on the disk for sure is lost from some batch on. `pick` draws how many stay. */
  lose(time: Millis, pick: (end: number) => number): void {
    const durable = this.#written.filter(({ durableAt }) => durableAt <= time).length;
    const kept = durable + pick(this.#written.length - durable + 1);
    const first = this.#written[kept]?.batch.first;
    if (first !== undefined) this.truncate(first);
  }

  /** The batches from the one that holds `from` on, that end before `below`, of one segment. */
  batchesFrom(from: number, below: number): readonly StoredBatch[] {
    const begin = this.#indexOf(from);
    const limit = this.#segments.find(({ first }) => first > from)?.first ?? this.#end;
    const end = Math.min(limit, below);
    const found: StoredBatch[] = [];
    for (let index = begin; index < this.#written.length; index++) {
      const { batch } = this.#written[index]!;
      if (batch.last >= end) break;
      found.push(batch);
    }
    return found;
  }

  /**
   * The first offset at or after a time; times need not be in order. The time of a segment's youngest record
   * decides whether it is looked into at all, as does a batch's.
   */
  seek(time: Millis): number | undefined {
    for (const { batch } of this.#written) {
      if (batch.timeMax < time || batch.last < this.#start) continue;
      const { first, times } = batch;
      const index =
        times === undefined ? 0 : times.findIndex((each, at) => each >= time && first + at >= this.#start);
      if (index >= 0) return Math.max(first + index, this.#start);
    }
    return undefined;
  }

  #indexOf(offset: number): number {
    let from = 0;
    let end = this.#written.length;
    while (from < end) {
      const middle = (from + end) >> 1;
      if (this.#written[middle]!.batch.last < offset) from = middle + 1;
      else end = middle;
    }
    return from;
  }

  #keep(kept: Written[]): void {
    this.#written = kept;
    this.#epochs = this.#epochs.filter(({ start }) => start < this.#end);
    const segments = this.#segments.filter(({ first }) => first < this.#end);
    this.#segments = segments.map(({ first, begun }, index) => {
      const end = segments[index + 1]?.first ?? this.#end;
      const inside = kept.filter(({ batch }) => batch.first >= first && batch.last < end);
      const bytes = inside.reduce((sum, { batch }) => sum + batch.bytes.length, 0);
      return { first, begun, bytes, timeMax: Math.max(-1, ...inside.map(({ batch }) => batch.timeMax)) };
    });
    this.producers.forget();
    for (const { batch } of kept) this.producers.add(batch);
  }
}
