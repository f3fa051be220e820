import type { Millis } from '../../env/clock.ts';
import {
  type HashKeyRange,
  type HashKeys,
  hashKeyNumber,
  hashKeyWords,
  readHashKey,
} from '../../kinesis/hash-key.ts';
import type { NewRecords } from '../../kinesis/record.ts';
import { HashSlices } from '../hash-slices.ts';

/** What a sketch knows, as plain data: weights are records, each less the longer ago it came. */
export type SketchedKeys = {
  /** Of all records. */
  readonly weight: number;
  readonly keys: readonly SketchedKey[];
  /** What a key that is not among them may weigh at most. */
  readonly otherMax: number;
  readonly slices: Float64Array;
};

/** A key, of which `error` may be the weight of others. */
export type SketchedKey = {
  readonly key: string;
  /** Decimal: not all ports take a bigint. */
  readonly hashKey: string;
  readonly weight: number;
  readonly error: number;
};

/**
 * The keys that come most often among a shard's records, and how these lie in its range: the Space-Saving
 * sketch (Metwally, Agrawal and El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data
 * Streams", 2005) over a sample of the records, whose weights fade, so that it tells of the last minutes. Any
 * key of more than 1/32 of the weight is in it. It tells keys apart by their hash keys, and makes a text only
 * of one that has come twice: with keys that are all different it makes none.
 */
export class KeySketch {
  readonly #hashKeys = new Uint32Array(counters * hashKeyWords);
  readonly #weights = new Float64Array(counters);
  readonly #errors = new Float64Array(counters);
  readonly #keys: (string | undefined)[] = Array.from({ length: counters }, () => undefined);
  readonly #slices: HashSlices;
  #used = 0;
  #weight = 0;
  /** When its weights faded last, and the time to which they have. */
  #fadedAt: Millis;

  constructor(range: HashKeyRange, now: Millis) {
    this.#slices = new HashSlices(range);
    this.#fadedAt = now;
  }

  /** Before the records of a put: lets time pass. A clock that went back stands still. */
  at(now: Millis): void {
    const passed = now - this.#fadedAt;
    if (passed < periodMs) return;
    this.#fade(0.5 ** (passed / halfLifeMs));
    this.#fadedAt = now;
  }

  /** Whether nothing has come for so long that what it knows is no news. */
  isStale(now: Millis): boolean {
    return now - this.#fadedAt > staleMs;
  }

  /** Looks at a record which stands for so many. */
  add(records: NewRecords, index: number, hashKeys: HashKeys, weight: number): void {
    const at = index * hashKeyWords;
    this.#weight += weight;
    this.#slices.add(hashKeyNumber(hashKeys, at), records.sizeOf(index), weight);
    const found = this.#find(hashKeys, at);
    if (found === undefined) {
      this.#weights[this.#replace(hashKeys, at)]! += weight;
    } else {
      this.#weights[found]! += weight;
      this.#keys[found] ??= records.keyOf(index);
    }
  }

  /** What it knows by now. */
  read(now: Millis): SketchedKeys {
    this.at(now);
    const keys = this.#keys.flatMap((key, place): SketchedKey[] => {
      if (key === undefined) return [];
      const hashKey = String(readHashKey(this.#hashKeys, place * hashKeyWords));
      return [{ key, hashKey, weight: this.#weights[place]!, error: this.#errors[place]! }];
    });
    const otherMax = this.#used < counters ? 0 : this.#weights[this.#lightest()]!;
    return { weight: this.#weight, keys, otherMax, slices: this.#slices.weights.slice() };
  }

  #find(hashKeys: HashKeys, at: number): number | undefined {
    const known = this.#hashKeys;
    const last = hashKeys[at + 3]!;
    for (let place = 0; place < this.#used; place++) {
      const key = place * hashKeyWords;
      if (
        known[key + 3] === last &&
        known[key + 2] === hashKeys[at + 2] &&
        known[key + 1] === hashKeys[at + 1] &&
        known[key] === hashKeys[at]
      )
        return place;
    }
    return undefined;
  }

  /** Has a key take the place of the lightest one, whose weight may be its own by error. */
  #replace(hashKeys: HashKeys, at: number): number {
    const place = this.#used < counters ? this.#used++ : this.#lightest();
    for (let word = 0; word < hashKeyWords; word++) {
      this.#hashKeys[place * hashKeyWords + word] = hashKeys[at + word]!;
    }
    this.#errors[place] = this.#weights[place]!;
    this.#keys[place] = undefined;
    return place;
  }

  #lightest(): number {
    let lightest = 0;
    for (let place = 1; place < counters; place++) {
      if (this.#weights[place]! < this.#weights[lightest]!) lightest = place;
    }
    return lightest;
  }

  #fade(factor: number): void {
    this.#weight *= factor;
    this.#slices.fade(factor);
    for (let place = 0; place < this.#used; place++) {
      this.#weights[place]! *= factor;
      this.#errors[place]! *= factor;
    }
  }
}

/** 32 × (16 + 8 + 8) bytes, 64 × 8 for the slices, and the texts of keys that came twice: about 2 KB. */
const counters = 32;

/** What came a minute ago weighs half. */
const halfLifeMs: Millis = 60_000;

/** Weights fade in steps. */
const periodMs: Millis = 10_000;

/** After ten minutes a record weighs a thousandth. */
const staleMs: Millis = 10 * halfLifeMs;
