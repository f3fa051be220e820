import type { Random } from '../src/env/random.ts';

/**
 * Randomness that a seed decides: xoshiro128** 1.1 by David Blackman and Sebastiano Vigna
 * (prng.di.unimi.it), its state filled by SplitMix32.
 */
export class SeededRandom implements Random {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    let mixed = seed >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
      return word ^ (word >>> 15);
    });
  }

  /** 32 bits, as a number from 0 to 2^32 − 1. */
  next(): number {
    const state = this.#state;
    const second = state[1]!;
    const result = Math.imul(rotateLeft(Math.imul(second, 5), 7), 9) >>> 0;
    state[2]! ^= state[0]!;
    state[3]! ^= second;
    state[1]! ^= state[2]!;
    state[0]! ^= state[3]!;
    state[2]! ^= second << 9;
    state[3] = rotateLeft(state[3]!, 11);
    return result;
  }

  /** A whole number from 0 to `end` − 1. */
  below(end: number): number {
    return Math.floor((this.next() / 2 ** 32) * end);
  }

  /** A whole number; both ends are included. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  /** A number with fractions from `from` on, before `end`. */
  real(from: number, end: number): number {
    return from + (this.next() / 2 ** 32) * (end - from);
  }

  chance(probability: number): boolean {
    return this.next() < probability * 2 ** 32;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** A generator of its own, so that the draws of one part do not move those of another. */
  fork(): SeededRandom {
    return new SeededRandom(this.next());
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; at += 4) {
      const word = this.next();
      for (let index = at; index < Math.min(at + 4, length); index++)
        bytes[index] = word >>> (8 * (index - at));
    }
    return bytes;
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
