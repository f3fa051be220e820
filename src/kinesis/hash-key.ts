import { md5Of } from './md5.ts';

/** A position in the hash key space, 0 to 2^128 − 1. */
export type HashKey = bigint;

export const hashKeyMax: HashKey = (1n << 128n) - 1n;

/** Both ends belong to the range. */
export type HashKeyRange = { readonly first: HashKey; readonly last: HashKey };

/** The hash key of a partition key: MD5 of its UTF-8 bytes as an unsigned big-endian number (Kinesis API reference, PutRecord). */
export function hashKeyOf(partitionKey: string): HashKey {
  return md5Of(partitionKey);
}

/** `count` ranges of equal size that cover the space; the last takes the remainder, as CreateStream does. */
export function evenRanges(count: number): HashKeyRange[] {
  const step = (hashKeyMax + 1n) / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    first: BigInt(index) * step,
    last: index === count - 1 ? hashKeyMax : BigInt(index + 1) * step - 1n,
  }));
}
