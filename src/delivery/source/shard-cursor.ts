import type { Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import type { Shard } from '../../kinesis/stream.ts';
import type { LoggedBatch, Records, ShardKey, Slice } from '../../log/log.ts';
import { keyArnsOf } from '../../stream/read.ts';
import type { SourceSlice } from './source-slice.ts';

/** A shard while it is read. */
export type ShardCursor = {
  readonly key: ShardKey;
  shard: Shard;
  next: Offset;
  /** Nothing behind it is read, though the shard may have more. */
  readonly bound: Offset;
  /** Where the shard ended when that was seen last; Infinity when it may have grown since. */
  tip: Offset;
  /** Reads that failed in a row, and when to try again, by the monotonic clock. */
  failures: number;
  quietUntil: Millis;
  /** Whether it is said to have grown since it was read to its tip. */
  isTold: boolean;
};

export type CursorRead = {
  readonly since: Millis;
  readonly bytesMax: number;
  /** Throws where what is stored under these KMS keys may not be read. */
  readonly requireToRead: (keyArns: readonly string[]) => void;
};

/**
 * Reads on in a shard and moves its cursor. Undefined when there was nothing; the tip is known then. Rejects
 * as `Records.read` does, and as `requireToRead` throws: then nothing was read.
 */
export async function readOn(
  log: Records,
  cursor: ShardCursor,
  { since, bytesMax, requireToRead }: CursorRead,
): Promise<SourceSlice | undefined> {
  const { key, next: from } = cursor;
  const limit = { records: recordsMax, bytes: bytesMax };
  const slice = await log.read(key, { from, since, limit, own: true, isPassing: true });
  if (slice.batches.length > 0) requireToRead(keyArnsOf(slice.batches));
  const lost = await lostBefore(log, cursor, slice, since);
  const last = slice.batches.at(-1);
  const reached = last === undefined ? Math.max(from, slice.end) : last.first + last.count;
  const to = Math.max(from, Math.min(reached, endOf(cursor)));
  cursor.next = to;
  cursor.tip = slice.end;
  if (to === from || (last === undefined && lost === 0)) return undefined;
  return sliceOf(cursor, slice.batches, { from, to, lost });
}

/** Where reading a shard ends: where it is closed, or where it is not to be read any further. */
export function endOf({ bound, shard }: ShardCursor): Offset {
  return Math.min(bound, shard.closed?.end ?? Number.POSITIVE_INFINITY);
}

function sliceOf(
  { shard }: ShardCursor,
  read: readonly LoggedBatch[],
  { from, to, lost }: Pick<SourceSlice, 'from' | 'to' | 'lost'>,
): SourceSlice {
  const batches = read
    .filter(({ first, count }) => first < to && first + count > from)
    .map(({ first, arrival, count, bytes, sequenceNumbers }) => ({
      ...{ first, arrival, count, bytes, sequenceNumbers },
    }));
  const held = batches.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const records = batches.reduce((sum, { first, count }) => sum + overlap(first, count, from, to), 0);
  const oldest = batches[0]?.arrival ?? Number.POSITIVE_INFINITY;
  const { index, createdAt } = shard;
  return { shard: { index, createdAt }, from, to, batches, records, bytes: held, oldest, lost };
}

function overlap(first: Offset, count: number, from: Offset, to: Offset): number {
  return Math.min(first + count, to) - Math.max(first, from);
}

/** How many records there were between where a read began and what it found, at most. */
async function lostBefore(
  log: Records,
  { key, next: from }: ShardCursor,
  { batches, start, end }: Slice,
  since: Millis,
): Promise<number> {
  const found = batches[0]?.first ?? end;
  if (found <= from) return 0;
  // An engine has marks of its own, too: only what arrived too early is lost.
  const kept = await log.seek(key, since);
  return Math.max(0, Math.min(found, Math.max(start, kept)) - from);
}

const recordsMax = 10_000;
