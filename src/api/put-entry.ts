import type { StreamAddress } from '../kinesis/arn.ts';
import { KinesisError } from '../kinesis/error.ts';
import { hashKeyMax, hashKeyOf } from '../kinesis/hash-key.ts';
import { formatShardId } from '../kinesis/shard-id.ts';
import type { Stream } from '../kinesis/stream.ts';
import type { Put } from '../stream/put.ts';

/** A record in a request: of PutRecord, or one of PutRecords'. */
export type PutEntry = {
  readonly Data: Buffer;
  readonly PartitionKey: string;
  readonly ExplicitHashKey?: string;
};

/** The record and its hash key: the explicit one, or the MD5 of its partition key. */
export function putOf({ Data, PartitionKey, ExplicitHashKey }: PutEntry): Put {
  const hashKey = ExplicitHashKey === undefined ? hashKeyOf(PartitionKey) : BigInt(ExplicitHashKey);
  if (hashKey <= hashKeyMax) return { hashKey, record: { partitionKey: PartitionKey, data: Data } };
  throw new KinesisError(
    'InvalidArgumentException',
    'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. ' +
      `Specified value was ${ExplicitHashKey}`,
  );
}

/** Data and key of a record may have as many bytes as the stream allows, 1 MiB unless set otherwise. `path` names the data in the error. */
export function requireRecordSize(stream: Stream, { Data, PartitionKey }: PutEntry, path: string): number {
  const bytes = Data.length + Buffer.byteLength(PartitionKey);
  const max = stream.recordSizeMaxKiB * 1024;
  if (bytes <= max) return bytes;
  throw new KinesisError(
    'ValidationException',
    `1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=${Data.length} cap=${Data.length}]' ` +
      `at '${path}' failed to satisfy constraint: Member must have length less than or equal to ${max}`,
  );
}

/** What a shard says when it is asked for more than its limits allow. */
export function rateExceeded(shard: number, { name, account }: StreamAddress): string {
  return `Rate exceeded for shard ${formatShardId(shard)} in stream ${name} under account ${account}.`;
}

/** The same for reads: AWS words it differently since 2023. */
export function readRateExceeded(shard: number, { name, account }: StreamAddress): KinesisError {
  return new KinesisError(
    'ProvisionedThroughputExceededException',
    `Rate exceeded for Shard - ${account}/${name}/${formatShardId(shard)}`,
  );
}
