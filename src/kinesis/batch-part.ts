import { dataBytesAt, type Offset, recordEnd, type StoredBatch } from './record.ts';

/**
 * Consecutive records of a batch, and the data bytes in them. The batch itself where these are all of its
 * records.
 */
type BatchPart = { readonly batch: StoredBatch; readonly dataBytes: number };

/** What there is room for. `atLeast` many records are taken whatever their data. */
export type Room = { readonly records: number; readonly dataBytes: number; readonly atLeast: number };

/** The records of a batch from an offset on, up to the first that there is no room for. */
export function partOf(batch: StoredBatch, from: Offset, room: Room): BatchPart {
  const { bytes, count, first, arrival, keyArn } = batch;
  const skipped = Math.max(0, from - first);
  let begin = 0;
  for (let index = 0; index < skipped; index++) begin = recordEnd(bytes, begin);
  let end = begin;
  let taken = 0;
  let dataBytes = 0;
  while (skipped + taken < count && taken < room.records) {
    const more = dataBytesAt(bytes, end);
    if (dataBytes + more > room.dataBytes && taken >= room.atLeast) break;
    dataBytes += more;
    end = recordEnd(bytes, end);
    taken++;
  }
  if (taken === count) return { batch, dataBytes };
  const part = { count: taken, bytes: bytes.subarray(begin, end), first: first + skipped, arrival, keyArn };
  return { batch: part, dataBytes };
}
