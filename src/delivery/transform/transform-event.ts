import { formatShardId } from '../../kinesis/shard-id.ts';
import type { DeliverySpec } from '../delivery-spec.ts';
import type { DeliveredRecord } from '../record/delivered-record.ts';

/**
 * What a function that transforms is invoked with (Lambda developer guide, "Process Amazon Data Firehose
 * records with Lambda"). Of a source that is a stream it says where each record was.
 */
export function transformEvent(
  { owner, source }: DeliverySpec,
  invocationId: string,
  records: readonly DeliveredRecord[],
): Buffer {
  const stream = source.arn === undefined ? {} : { sourceKinesisStreamArn: source.arn };
  return Buffer.from(
    JSON.stringify({
      invocationId,
      ...stream,
      deliveryStreamArn: owner.arn,
      region: owner.region,
      records: records.map((record) => ({
        recordId: recordIdOf(record),
        approximateArrivalTimestamp: record.arrival,
        data: record.data.toString('base64'),
        ...(source.arn === undefined ? {} : { kinesisRecordMetadata: metadataOf(record) }),
      })),
    }),
  );
}

/** As AWS has them: a sequence number, and which of those it is that were aggregated, in six digits. */
export function recordIdOf({ from }: DeliveredRecord): string {
  return `${from.sequenceNumber}${String(from.sub ?? 0).padStart(6, '0')}`;
}

function metadataOf({ from, arrival }: DeliveredRecord): Record<string, unknown> {
  return {
    sequenceNumber: from.sequenceNumber,
    subsequenceNumber: from.sub ?? 0,
    partitionKey: from.partitionKey ?? '',
    shardId: formatShardId(from.shard),
    approximateArrivalTimestamp: arrival,
  };
}

/** What a record takes in an event besides its data in base64, at most, with a key of 256 characters. */
export const eventRecordBytes = 1_200;
