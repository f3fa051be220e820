import type { SourceSlice } from '../../delivery/source/source-slice.ts';
import { bufferOf } from '../../env/buffer-of.ts';
import { type Offset, recordsOf } from '../../kinesis/record.ts';
import { sequenceNumberOf } from '../../kinesis/sequence-number.ts';
import { formatShardId } from '../../kinesis/shard-id.ts';
import type { ViewedRecord } from '../view.ts';

/** A record with its place among those that were read together. */
export type PlacedRecord = { readonly record: ViewedRecord; readonly slice: number; readonly offset: Offset };

/** The records of slices, in order. */
export function* viewedRecords(slices: readonly SourceSlice[]): Generator<PlacedRecord> {
  for (const [place, { shard, from, to, batches }] of slices.entries()) {
    const shardId = formatShardId(shard.index);
    for (const batch of batches) {
      for (const { offset, arrival, partitionKey = '', data } of recordsOf({
        ...batch,
        bytes: bufferOf(batch.bytes),
      })) {
        if (offset < from || offset >= to) continue;
        const sequenceNumber =
          batch.sequenceNumbers?.[offset - batch.first] ?? sequenceNumberOf(shard, offset, arrival);
        const record = { shardId, sequenceNumber, partitionKey, arrival, data };
        yield { record, slice: place, offset };
      }
    }
  }
}
