import type { Millis } from '../env/clock.ts';
import { type Offset, recordsOf, type StoredBatch, type StoredRecord } from '../kinesis/record.ts';
import type { Shard } from '../kinesis/stream.ts';
import type { ReadLimit, ShardLog } from '../log/log.ts';

/** A page of a shard, and where the next begins. */
export type Page = {
  readonly records: readonly StoredRecord[];
  readonly next: Offset;
  /** Data bytes of the records. */
  readonly bytes: number;
  /** How far the page's last record lies back in time, in whole milliseconds; 0 at the tip, and only there. */
  readonly behind: Millis;
  /** The shard is closed and there is nothing after this page. */
  readonly finished: boolean;
};

/** What to read: records from an offset on, without those that arrived before the horizon. */
export type PageRequest = {
  readonly from: Offset;
  readonly recordsMax: number;
  /** Data bytes; a single record may have more. */
  readonly bytesMax: number;
  readonly horizon: Millis;
  readonly now: Millis;
};

/** Reads a page within its limits, and at least one record when there is one. */
export async function readPage(shard: Shard, shardLog: ShardLog, request: PageRequest): Promise<Page> {
  const { from, recordsMax, bytesMax, horizon, now } = request;
  const limit = { records: recordsMax, bytes: bytesMax };
  const end = shard.closed?.end ?? shardLog.end;
  let at = Math.min(Math.max(from, shardLog.start), end);
  let batches = await shardLog.read(at, limit);
  if (batches.length > 0 && batches[0]!.arrival < horizon) {
    at = Math.max(at, await shardLog.seek(horizon));
    batches = await shardLog.read(at, limit);
  }
  const records = pageOf(batches, at, limit);
  const next = records.length > 0 ? records[records.length - 1]!.offset + 1 : at;
  // Records may have arrived meanwhile: only what is the tip now counts as such.
  const tip = shard.closed?.end ?? shardLog.end;
  const age = Math.ceil(now - (records.at(-1)?.arrival ?? horizon));
  const behind = next >= tip ? 0 : Math.max(1, age);
  const bytes = records.reduce((sum, { data }) => sum + data.length, 0);
  return { records, next, bytes, behind, finished: shard.closed !== undefined && next >= end };
}

function pageOf(batches: readonly StoredBatch[], from: Offset, limit: ReadLimit): StoredRecord[] {
  const records: StoredRecord[] = [];
  let bytes = 0;
  for (const batch of batches) {
    for (const record of recordsOf(batch)) {
      if (record.offset < from) continue;
      bytes += record.data.length;
      const full = records.length === limit.records || bytes > limit.bytes;
      if (full && records.length > 0) return records;
      records.push(record);
    }
  }
  return records;
}
