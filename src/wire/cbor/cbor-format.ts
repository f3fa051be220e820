/**
 * CBOR (RFC 8949 §3). An item begins with a byte of two parts,
 *
 *   major type, 3 bits | additional information, 5 bits
 *
 * and its argument, which is the information itself below 24, or the 1, 2, 4 or 8 big-endian bytes after it
 * for 24 to 27. 31 stands for an indefinite length, which ends with a break.
 */
export const major = {
  unsigned: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  list: 4,
  map: 5,
  tag: 6,
  other: 7,
} as const;

/** Meanings of the additional information in major type 7. */
export const simple = {
  false: 20,
  true: 21,
  null: 22,
  undefined: 23,
  half: 25,
  single: 26,
  double: 27,
} as const;

export const indefinite = 31;
export const breakByte = 0xff;

/** A point in time, in seconds by the RFC. */
export const timeTag = 1;

/** The unit of points in time: AWS's own CBOR has milliseconds. */
export type TimeUnit = 'seconds' | 'milliseconds';
