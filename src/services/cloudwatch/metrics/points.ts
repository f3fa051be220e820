import { merged, type Sample, type TimedSample } from './sample.ts';
import type { Spread } from './spread.ts';

/**
 * Samples by the time at which they begin, in milliseconds since 1970, in its order. Five numbers each in one
 * array: metrics have thousands.
 */
export class Points {
  #rows = new Float64Array(0);
  #length = 0;
  #spreads: Map<number, Spread> | undefined;
  #spreadBytes = 0;

  get length(): number {
    return this.#length;
  }

  /** What it takes of memory, nearly. */
  get bytes(): number {
    return this.#rows.byteLength + this.#spreadBytes + (this.#spreads?.size ?? 0) * spreadOverheadBytes;
  }

  /** Adds a sample to what is there of its time already. */
  add(time: number, sample: Sample): void {
    const at = this.#firstFrom(time);
    const isThere = at < this.#length && this.#rows[at * width] === time;
    if (!isThere) this.#open(at);
    this.#write(at, time, isThere ? merged(this.#at(at), sample) : sample);
  }

  /** Those that begin in `from..end`. */
  *between(from: number, end: number): Generator<TimedSample> {
    for (let at = this.#firstFrom(from); at < this.#length; at++) {
      const sample = this.#at(at);
      if (sample.time >= end) return;
      yield sample;
    }
  }

  /** Whether there are any that begin before a time. */
  beginBefore(time: number): boolean {
    return this.#length > 0 && this.#rows[0]! < time;
  }

  /** Takes out those that begin before a time. */
  takeBefore(time: number): TimedSample[] {
    const taken = [...this.between(Number.NEGATIVE_INFINITY, time)];
    if (taken.length === 0) return taken;
    for (const sample of taken) this.#forgetSpread(sample.time);
    this.#length -= taken.length;
    // A copy, so that the memory of what was taken out comes back.
    const first = taken.length * width;
    this.#rows = this.#rows.slice(first, first + this.#length * width);
    return taken;
  }

  /** The first row that begins at a time or later. Mostly it is asked for the end. */
  #firstFrom(time: number): number {
    let [low, high] = [0, this.#length];
    if (high > 0 && this.#rows[(high - 1) * width]! < time) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle * width]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Makes room for a row. */
  #open(at: number): void {
    if ((this.#length + 1) * width > this.#rows.length) {
      const rows = new Float64Array(width * (this.#length + Math.max(rowsMore, this.#length >> 2)));
      rows.set(this.#rows.subarray(0, this.#length * width));
      this.#rows = rows;
    }
    this.#rows.copyWithin((at + 1) * width, at * width, this.#length * width);
    this.#length++;
  }

  #at(at: number): TimedSample {
    const [time, count, sum, minimum, maximum] = this.#rows.subarray(at * width, (at + 1) * width);
    const spread = this.#spreads?.get(time!);
    return { time: time!, count: count!, sum: sum!, minimum: minimum!, maximum: maximum!, spread };
  }

  #write(at: number, time: number, { count, sum, minimum, maximum, spread }: Sample): void {
    this.#rows.set([time, count, sum, minimum, maximum], at * width);
    this.#forgetSpread(time);
    if (spread === undefined) return;
    this.#spreads ??= new Map();
    this.#spreads.set(time, spread);
    this.#spreadBytes += spread.byteLength;
  }

  #forgetSpread(time: number): void {
    const spread = this.#spreads?.get(time);
    if (spread === undefined) return;
    this.#spreads!.delete(time);
    this.#spreadBytes -= spread.byteLength;
  }
}

const width = 5; // time, count, sum, minimum, maximum
const rowsMore = 8;
/** An entry of a map, and an array with its buffer. */
const spreadOverheadBytes = 200;
