import { strict as assert } from 'node:assert';
import type { Millis } from '../env/clock.ts';
import { partOf } from '../kinesis/batch-part.ts';
import { contentBytes, type Offset, type StoredBatch } from '../kinesis/record.ts';
import type { Shard } from '../kinesis/stream.ts';
import type { ReadLimit, Records, ShardKey } from '../log/log.ts';

/** A page of a shard, and where the next begins. */
export type Page = {
  /** The page's records and no others: a batch that reaches beyond it is cut. None of them is empty. */
  readonly batches: readonly StoredBatch[];
  readonly next: Offset;
  /** Data bytes of the records. */
  readonly bytes: number;
  /**
   * How long ago the page's last record arrived, in whole milliseconds; 0 at the tip, and only there. A page
   * without records was at the tip when it was read.
   */
  readonly behind: Millis;
  /** The end of a closed shard. It comes on a page of its own, after that of the last record. */
  readonly finished: boolean;
};

/** The KMS keys under which batches are stored, each once. */
export function keyArnsOf(batches: readonly StoredBatch[]): readonly string[] {
  const arns: string[] = [];
  for (const { keyArn } of batches) if (keyArn !== undefined && !arns.includes(keyArn)) arns.push(keyArn);
  return arns;
}

/** How many records there are in batches, and the bytes of their keys and data. */
export function countsOf(batches: readonly StoredBatch[]): {
  readonly records: number;
  readonly content: number;
} {
  let records = 0;
  let content = 0;
  for (const batch of batches) {
    records += batch.count;
    content += contentBytes(batch);
  }
  return { records, content };
}

/** What to read: records from an offset on, without those that arrived before the horizon. */
export type PageRequest = {
  readonly from: Offset;
  readonly recordsMax: number;
  /** Data bytes; a single record may have more. */
  readonly bytesMax: number;
  readonly horizon: Millis;
  readonly now: Millis;
};

/** Reads a page within its limits, and at least one record when there is one. Asks the log once at most. */
export async function readPage(
  log: Records,
  key: ShardKey,
  shard: Shard,
  { from, recordsMax, bytesMax, horizon, now }: PageRequest,
): Promise<Page> {
  const { closed } = shard;
  const isAtEnd = (offset: Offset) => closed !== undefined && offset >= closed.end;
  if (isAtEnd(from)) return { batches: [], next: closed!.end, bytes: 0, behind: 0, finished: true };
  const limit = { records: recordsMax, bytes: bytesMax };
  const slice = await log.read(key, { from, since: horizon, limit });
  const page = pageOf(slice.batches, Math.max(from, slice.start), limit);
  const last = page.batches.at(-1);
  assert((last === undefined) === (slice.batches.length === 0));
  // Records may have arrived meanwhile: only what is the tip now counts as such.
  const tip = closed?.end ?? slice.end;
  // An engine elsewhere may hear of a record later than its reader has, or than the catalog of the shard's
  // end.
  const heard = Math.max(from, Math.min(tip, slice.end));
  const next = last === undefined ? heard : last.first + last.count;
  const behind = last === undefined || next >= tip ? 0 : Math.max(1, Math.ceil(now - last.arrival));
  return { ...page, next, behind, finished: isAtEnd(next) && last === undefined };
}

function pageOf(
  batches: readonly StoredBatch[],
  from: Offset,
  limit: ReadLimit,
): Pick<Page, 'batches' | 'bytes'> {
  const parts: StoredBatch[] = [];
  let records = 0;
  let bytes = 0;
  for (const whole of batches) {
    const room = {
      records: limit.records - records,
      dataBytes: limit.bytes - bytes,
      atLeast: records === 0 ? 1 : 0,
    };
    const { batch, dataBytes } = partOf(whole, from, room);
    if (batch.count > 0) parts.push(batch);
    records += batch.count;
    bytes += dataBytes;
    if (batch.first + batch.count < whole.first + whole.count) break;
  }
  return { batches: parts, bytes };
}
