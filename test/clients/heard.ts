import type { KnownRecord } from './known-records.ts';

/** What a consumer says on a line of its own, among whatever else it prints. */
export type Heard =
  /** It begins with a shard, is at its end, or gives it up. */
  { readonly what: 'begin' | 'end' | 'leave'; readonly at: number; readonly shard: string } | HeardRecord;

export type HeardRecord = KnownRecord & {
  readonly what: 'record';
  /** When it was processed, in milliseconds since 1970. */
  readonly at: number;
  /** Of a program that knows them. */
  readonly shard: string | undefined;
  readonly sequenceNumber: bigint | undefined;
};

/**
 * What one consumer said, in its order. Its lines are
 *
 *   heard begin|end|leave AT SHARD
 *   heard record AT SHARD SEQUENCE-NUMBER KEY NUMBER
 *
 * with `-` for a shard or a sequence number that the program does not know. Whatever comes after these words
 * is its own affair, and so is the beginning of the line.
 */
export function heardIn(printed: string): Heard[] {
  return [...printed.matchAll(/heard (begin|end|leave|record) (\d+) (\S+)(?: (\d+|-) (\S+) (\d+))?/g)].map(
    ([, what, at, shard, sequenceNumber, key, number]): Heard => {
      if (what !== 'record')
        return { what: what as 'begin' | 'end' | 'leave', at: Number(at), shard: shard! };
      return {
        what,
        at: Number(at),
        shard: shard === '-' ? undefined : shard,
        sequenceNumber: sequenceNumber === '-' ? undefined : BigInt(sequenceNumber!),
        key: key!,
        number: Number(number),
      };
    },
  );
}
