import type { StoredRecord } from '../kinesis/record.ts';
import { sequenceNumberOf } from '../kinesis/sequence-number.ts';
import type { Shard } from '../kinesis/stream.ts';
import type { OutputOf } from '../wire/shape.ts';
import type { record } from './shapes.ts';

/** A record as readers see it. */
export function viewRecord(
  shard: Shard,
  { offset, arrival, data, partitionKey }: StoredRecord,
): OutputOf<typeof record> {
  return {
    SequenceNumber: sequenceNumberOf(shard, offset, arrival),
    ApproximateArrivalTimestamp: arrival,
    Data: data,
    PartitionKey: partitionKey,
  };
}
