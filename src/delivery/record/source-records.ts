import { bufferOf } from '../../env/buffer-of.ts';
import type { Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import { recordsOf } from '../../kinesis/record.ts';
import { type Numbering, sequenceNumberOf } from '../../kinesis/sequence-number.ts';
import type { SourceSlice } from '../source/source-slice.ts';
import type { DeliveredRecord, RecordOrigin } from './delivered-record.ts';

/** The records of a slice, in order. Their data are views into its batches. */
export function sourceRecords({ shard, from, to, batches }: SourceSlice): DeliveredRecord[] {
  const records: DeliveredRecord[] = [];
  for (const batch of batches) {
    // A buffer that went from one thread to another is a plain array of bytes there.
    for (const { offset, arrival, partitionKey, data } of recordsOf({
      ...batch,
      bytes: bufferOf(batch.bytes),
    })) {
      if (offset < from || offset >= to) continue;
      const known = batch.sequenceNumbers?.[offset - batch.first];
      const origin =
        known === undefined
          ? originOf(shard, offset, arrival, partitionKey)
          : { shard: shard.index, offset, partitionKey, sequenceNumber: known };
      records.push({ data: bufferOf(data), arrival, from: origin });
    }
  }
  return records;
}

/** The sequence number is rendered when it is asked for: of few records it is. */
function originOf(
  shard: Numbering,
  offset: Offset,
  arrival: Millis,
  partitionKey: string | undefined,
): RecordOrigin {
  return {
    shard: shard.index,
    offset,
    partitionKey,
    get sequenceNumber() {
      return sequenceNumberOf(shard, offset, arrival);
    },
  };
}
