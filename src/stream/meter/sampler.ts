import type { Millis } from '../../env/clock.ts';
import type { Shard } from '../../kinesis/stream.ts';
import { KeySketch, type SketchedKeys } from './key-sketch.ts';

/**
 * The sketches of shards that are put to, by their rows, and which records they look at: one of 16 on
 * average. A sketch takes about as long for a record as a tenth of a microsecond, of which one of 16 leaves
 * little; and a shard at its limit of 1,000 records a second still has 5,000 samples in the time that they
 * weigh something, so that a share of 10 % is known to within half a percent. What is looked at follows from
 * chance, not from counting to 16: producers that take turns with 16 keys would else have one of them seen
 * alone.
 */
export class Sampler {
  readonly #sketches: (KeySketch | undefined)[] = [];
  #count = 0;
  /** Where a sketch is looked for next that is stale. */
  #hand = 0;
  /** How many records are passed over before the next that is looked at. */
  #gap = 1;
  /** How many records are looked at without exception until the period is over. */
  #eager = eagerMax;
  #periodAt: Millis = 0;
  #seed = 0x9e3779b9;

  /** Before the records of a put that came now. A clock that went back stands still. */
  at(now: Millis): void {
    if (now - this.#periodAt < periodMs) return;
    this.#periodAt = now;
    this.#eager = eagerMax;
  }

  /** Whether the next record is to be looked at: for how many it stands then, and 0 if it is not. */
  next(): number {
    if (this.#eager > 0) {
      this.#eager -= 1;
      return 1;
    }
    this.#gap -= 1;
    if (this.#gap > 0) return 0;
    this.#gap = this.#nextGap();
    return gapMean;
  }

  /** The sketch of a row, for a record that came now; undefined when there are too many others. */
  of(row: number, { range }: Shard, now: Millis): KeySketch | undefined {
    let sketch = this.#sketches[row];
    if (sketch === undefined) {
      if (this.#count >= sketchesMax && !this.#dropStale(now)) return undefined;
      sketch = new KeySketch(range, now);
      this.#sketches[row] = sketch;
      this.#count += 1;
    }
    sketch.at(now);
    return sketch;
  }

  /** What the sketch of a row knows; undefined where there is none, or it is stale. */
  read(row: number, now: Millis): SketchedKeys | undefined {
    const sketch = this.#sketches[row];
    return sketch === undefined || sketch.isStale(now) ? undefined : sketch.read(now);
  }

  forget(row: number): void {
    if (this.#sketches[row] === undefined) return;
    this.#sketches[row] = undefined;
    this.#count -= 1;
  }

  /** Lets go of a sketch that has heard nothing for long; looks at one only. */
  #dropStale(now: Millis): boolean {
    this.#hand = (this.#hand + 1) % this.#sketches.length;
    if (this.#sketches[this.#hand]?.isStale(now) !== true) return false;
    this.forget(this.#hand);
    return true;
  }

  /** 1 to 31, each as likely (Marsaglia, "Xorshift RNGs", 2003). */
  #nextGap(): number {
    let seed = this.#seed;
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    this.#seed = seed;
    return 1 + ((seed >>> 0) % (2 * gapMean - 1));
  }
}

/** 8 MB. */
const sketchesMax = 4_096;

const periodMs: Millis = 1_000;

/**
 * A thread that is put little to looks at all of it: shards with ten records a second are known as well as those
 * with thousands.
 */
const eagerMax = 1_000;

const gapMean = 16;
