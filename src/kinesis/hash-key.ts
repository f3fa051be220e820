import { writeMd5 } from './md5.ts';

/** A position in the hash key space, 0 to 2^128 − 1. */
export type HashKey = bigint;

export const hashKeyMax: HashKey = (1n << 128n) - 1n;

/** Both ends belong to the range. */
export type HashKeyRange = { readonly first: HashKey; readonly last: HashKey };

/**
 * Many hash keys, each as so many 32-bit words, the most significant first: the form of the data path, where
 * they are too many to be bigints.
 */
export type HashKeys = Uint32Array;

export const hashKeyWords = 4;

/**
 * The hash key of a partition key: MD5 of its UTF-8 bytes as an unsigned big-endian number (Kinesis API
 * reference, PutRecord).
 */
export function hashKeyOf(partitionKey: string): HashKey {
  const bytes = Buffer.from(partitionKey);
  const words = new Uint32Array(hashKeyWords);
  writeMd5(bytes, 0, bytes.length, words, 0);
  return readHashKey(words, 0);
}

/** Writes a hash key as words. */
export function writeHashKey(words: HashKeys, at: number, hashKey: HashKey): void {
  let rest = hashKey;
  for (let word = hashKeyWords - 1; word >= 0; word--) {
    words[at + word] = Number(rest & 0xffff_ffffn);
    rest >>= 32n;
  }
}

/** Reads a hash key that is there as words. */
export function readHashKey(words: HashKeys, at: number): HashKey {
  let hashKey = 0n;
  for (let word = 0; word < hashKeyWords; word++) hashKey = (hashKey << 32n) | BigInt(words[at + word]!);
  return hashKey;
}

/**
 * Writes the hash key whose decimal digits are `text[start..end)` as words. False when it is above the
 * highest one, or no number as the API writes it (its pattern: `0|([1-9]\d{0,38})`).
 */
export function parseHashKey(
  text: Uint8Array,
  start: number,
  end: number,
  words: HashKeys,
  at: number,
): boolean {
  const length = end - start;
  if (length === 0 || length > 39 || (length > 1 && text[start] === zero)) return false;
  words.fill(0, at, at + hashKeyWords);
  for (let from = start; from < end; from += digitsMax) {
    const to = Math.min(from + digitsMax, end);
    let carry = 0;
    for (let digit = from; digit < to; digit++) {
      const value = text[digit]! - zero;
      if (value < 0 || value > 9) return false;
      carry = carry * 10 + value;
    }
    const scale = 10 ** (to - from);
    for (let word = at + hashKeyWords - 1; word >= at; word--) {
      const product = words[word]! * scale + carry;
      words[word] = product % 2 ** 32;
      carry = Math.floor(product / 2 ** 32);
    }
    if (carry > 0) return false;
  }
  return true;
}

/** A word times a number of so many digits, and the carry, are exact in a double: 2^32 · 10^6 < 2^53. */
const digitsMax = 6;

const zero = 0x30;

/** A hash key as a double, exact to 53 bits. */
export function hashKeyNumber(words: HashKeys, at: number): number {
  return ((words[at]! * 2 ** 32 + words[at + 1]!) * 2 ** 32 + words[at + 2]!) * 2 ** 32 + words[at + 3]!;
}

/** `count` ranges of equal size that cover the space; the last takes the remainder, as CreateStream does. */
export function evenRanges(count: number): HashKeyRange[] {
  const step = (hashKeyMax + 1n) / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    first: BigInt(index) * step,
    last: index === count - 1 ? hashKeyMax : BigInt(index + 1) * step - 1n,
  }));
}
