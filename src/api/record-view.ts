import type { StoredRecord } from '../kinesis/record.ts';
import { numberRecords } from '../kinesis/sequence-number.ts';
import type { Shard } from '../kinesis/stream.ts';
import type { OutputOf } from '../wire/shape.ts';
import type { record } from './shapes.ts';

/** Records as readers see them. */
export function viewRecords(shard: Shard, records: readonly StoredRecord[]): OutputOf<typeof record>[] {
  const number = numberRecords(shard);
  return records.map(({ offset, arrival, data, partitionKey }) => ({
    SequenceNumber: number(offset, arrival),
    ApproximateArrivalTimestamp: arrival,
    Data: data,
    PartitionKey: partitionKey,
  }));
}
