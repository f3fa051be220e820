import type { Millis } from '../env/clock.ts';
import type { Offset } from './record.ts';

/**
 * A sequence number, taken apart. Version 2 is a 186-bit integer, printed in decimal (56 digits). Its 47 hex
 * digits, as observed in numbers that AWS issued:
 *
 *   0       constant 2
 *   1-9     creation time of the shard, seconds since the epoch
 *   10      low nibble of the shard's index
 *   11-26   counter: 0 at the start of the shard, rises with every record
 *   27-28   zero
 *   29-37   arrival time of the record, seconds since the epoch
 *   38-45   index of the shard
 *   46      version, 2
 */
export type SequenceNumber = {
  readonly version: 0 | 1 | 2;
  readonly shardIndex: number;
  readonly createdSecond: number;
  readonly counter: bigint;
  readonly arrivalSecond: number;
};

/** What a shard contributes to its sequence numbers. */
export type Numbering = { readonly index: number; readonly createdAt: Millis };

/**
 * The number of the record at `offset`. Its counter is offset + 1, so that it is above the shard's first
 * number.
 */
export function sequenceNumberOf(shard: Numbering, offset: Offset, arrival: Millis): string {
  return render(shard, BigInt(offset + 1), Math.max(secondOf(arrival), secondOf(shard.createdAt)));
}

/**
 * Every number has this many digits: 2^185 is the first of 56, and 3 · 2^184, which is above all, has no
 * more.
 */
export const sequenceNumberDigits = 56;

/**
 * Makes a record's number that of the next record of the same second: `digits` in ASCII, the last of them
 * before `end`.
 */
export function advanceNumber(digits: Uint8Array, end: number): void {
  let carry = 0;
  for (let back = 1; back <= stepDigits.length || carry > 0; back++) {
    const sum = digits[end - back]! + carry + (stepDigits[stepDigits.length - back] ?? 0);
    carry = sum > nine ? 1 : 0;
    digits[end - back] = sum - 10 * carry;
  }
}

/** The counter counts in steps of 2^80. */
const stepDigits = Uint8Array.from(String(2n ** 80n), Number);
const nine = 0x39;

/** A shard's StartingSequenceNumber: below every record's. */
export function startingSequenceNumber(shard: Numbering): string {
  return render(shard, 0n, secondOf(shard.createdAt));
}

/** A closed shard's EndingSequenceNumber: above every record's, and not a record. */
export function endingSequenceNumber(shard: Numbering, closedAt: Millis): string {
  return render(shard, counterMax, secondOf(closedAt));
}

/**
 * The offset that a sequence number's counter denotes: −1 before the first record, Infinity for the shard's
 * end.
 */
export function offsetOf(sequenceNumber: SequenceNumber): Offset {
  return sequenceNumber.counter === counterMax
    ? Number.POSITIVE_INFINITY
    : Number(sequenceNumber.counter) - 1;
}

const counterMax = 0x7fff_ffff_ffff_ffffn;

function render({ index, createdAt }: Numbering, counter: bigint, second: number): string {
  // What fits a double is put together there: bigints cost more than the digits.
  const first = 2 * 2 ** 40 + secondOf(createdAt) * 16 + (index & 15);
  const last = (index >>> 0) * 16 + 2;
  return String((BigInt(first) << 144n) | (counter << 80n) | (BigInt(second) << 36n) | BigInt(last));
}

/** The whole second that a time is in: sequence numbers are no more precise. */
export function secondOf(time: Millis): number {
  return Math.floor(time / 1000);
}

/**
 * Takes a sequence number apart. Answers undefined for what AWS calls invalid: an unknown version, a counter
 * of 2^63 or more, a creation time from the year 2477 on, and what is too large for version 0 and too small
 * for the others.
 */
export function parseSequenceNumber(text: string): SequenceNumber | undefined {
  const value = BigInt(text);
  if (value < oldEnd) return parseOld(value);
  if (value <= 1n << 185n || value >= (3n << 185n) / 2n) return undefined;
  const version = Number(value & 15n);
  if (version !== 1 && version !== 2) return undefined;
  const counter = (value >> 80n) & 0xffff_ffff_ffff_ffffn;
  const createdSecond = Number((value >> 148n) & 0xf_ffff_ffffn);
  if (counter > counterMax || createdSecond >= createdSecondMax) return undefined;
  const arrivalSecond = Number((value >> 36n) & 0xf_ffff_ffffn);
  return { version, shardIndex: shardIndexIn(value >> 4n), createdSecond, counter, arrivalSecond };
}

/**
 * Version 0, from before 2014, of 32 hex digits: a 1, nine for the creation time, and at the end four for the
 * shard's index. AWS still reads those; counter and arrival are not meaningful here.
 */
function parseOld(value: bigint): SequenceNumber | undefined {
  const createdSecond = Number((value >> 88n) & 0xf_ffff_ffffn);
  if (createdSecond >= createdSecondMax) return undefined;
  return { version: 0, shardIndex: Number(value & 0xffffn), createdSecond, counter: 0n, arrivalSecond: 0 };
}

/** A number of version 0 as AWS shows it: with its leading 1, also where that was left out. */
export function shownOld(text: string): string {
  return String((BigInt(text) & ((1n << 124n) - 1n)) | (1n << 124n));
}

/**
 * Recorded from AWS, as all about version 0: kinesalite's tests of GetShardIterator, which ran against it.
 */
const oldEnd = 1n << 129n;

/** An index is a signed number: with its top bit set AWS prints it negative. */
function shardIndexIn(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

/** 16025175000 s: recorded from AWS as the first creation time that it refuses. */
const createdSecondMax = 16_025_175_000;
