import type { StreamAddress } from '../kinesis/arn.ts';
import { KinesisError } from '../kinesis/error.ts';
import { hashKeyMax, hashKeyOf } from '../kinesis/hash-key.ts';
import { formatShardId } from '../kinesis/shard-id.ts';
import type { Stream } from '../kinesis/stream.ts';
import type { Put } from '../stream/put.ts';

/** A record in a request: of PutRecord, or one of PutRecords'. */
export type PutEntry = {
  readonly Data: Buffer;
  readonly PartitionKey?: string;
  readonly ExplicitHashKey?: string;
};

/**
 * Checks what only the stream can say about an entry: that it has a partition key where it needs one, and its size.
 * `index` is its place among PutRecords' entries. Answers its bytes, data and key.
 */
export function requireEntry(stream: Stream, { Data, PartitionKey }: PutEntry, index?: number): number {
  if (PartitionKey === undefined && stream.distribution !== 'AUTO') {
    throw invalidEntry(`Value null at '${pathTo(index)}partitionKey'`, 'Member must not be null');
  }
  const bytes = Data.length + Buffer.byteLength(PartitionKey ?? '');
  const max = stream.recordSizeMaxKiB * 1024;
  if (bytes <= max) return bytes;
  throw invalidEntry(
    `Value 'java.nio.HeapByteBuffer[pos=0 lim=${Data.length} cap=${Data.length}]' at '${pathTo(index)}data'`,
    `Member must have length less than or equal to ${max}`,
  );
}

function pathTo(index: number | undefined): string {
  return index === undefined ? '' : `records.${index + 1}.member.`;
}

function invalidEntry(value: string, constraint: string): KinesisError {
  const text = `1 validation error detected: ${value} failed to satisfy constraint: ${constraint}`;
  return new KinesisError('ValidationException', text);
}

/** The record and its hash key: the explicit one, or the MD5 of its partition key, or (AUTO) none. */
export function putOf(stream: Stream, { Data, PartitionKey, ExplicitHashKey }: PutEntry): Put {
  const record = { partitionKey: PartitionKey, data: Data };
  const explicit = ExplicitHashKey === undefined ? undefined : BigInt(ExplicitHashKey);
  if (explicit !== undefined && explicit > hashKeyMax) {
    throw new KinesisError(
      'InvalidArgumentException',
      'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. ' +
        `Specified value was ${ExplicitHashKey}`,
    );
  }
  if (stream.distribution === 'AUTO') return { hashKey: undefined, record };
  return { hashKey: explicit ?? hashKeyOf(PartitionKey!), record };
}

/** What a shard says when it is asked for more than its limits allow. */
export function rateExceeded(shardId: string, { name, account }: StreamAddress): string {
  return `Rate exceeded for shard ${shardId} in stream ${name} under account ${account}.`;
}

/** The same for reads: AWS words it differently since 2023. */
export function readRateExceeded(shard: number, { name, account }: StreamAddress): KinesisError {
  return new KinesisError(
    'ProvisionedThroughputExceededException',
    `Rate exceeded for Shard - ${account}/${name}/${formatShardId(shard)}`,
  );
}
