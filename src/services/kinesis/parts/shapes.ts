import { limits } from '../../../kinesis/limits.ts';
import type { StreamStatus } from '../../../kinesis/stream.ts';
import {
  blob,
  integer,
  list,
  long,
  map,
  required,
  string,
  structure,
  timestamp,
} from '../../../wire/shape.ts';

// Constraints of shared shapes, from the service's model (API reference, data types). Since botocore 1.44.8
// the patterns of hash keys and sequence numbers have `^` and `$`; AWS's earlier answers had neither.

const name = { min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' };

export const streamName = string(name);
export const shardId = string(name);
export const streamArn = string({ min: 1, max: 2048, pattern: 'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+' });
export const consumerName = string(name);
export const consumerArn = string({
  min: 1,
  max: 2048,
  pattern: '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
});
export const consumerStatus = string({ values: ['CREATING', 'DELETING', 'ACTIVE'] });
export const resourceArn = string({
  min: 1,
  max: 2048,
  pattern: 'arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel|queue)/\\S+',
});
export const hashKey = string({ pattern: '^(0|([1-9]\\d{0,38}))$' });
export const sequenceNumber = string({ pattern: '^(0|([1-9]\\d{0,128}))$' });
export const partitionKey = string({ min: 1, max: 256 });
export const recordData = blob({ max: limits.recordBytesMax });
export const shardIterator = string({ min: 1, max: 512 });
/** In the order in which AWS's validation text lists them. */
export const shardIteratorType = string({
  values: ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'],
});
export const nextToken = string({ min: 1, max: 1_048_576 });
export const pageLimit = integer({ min: 1, max: 10_000 });
export const shardCount = integer({ min: 1 });
export const recordSizeKiB = integer({ min: limits.recordSizeDefaultKiB, max: limits.recordBytesMax / 1024 });
export const warmMiBps = integer({ min: 0 });
export const distributionStrategy = string({ values: ['AUTO', 'USER_PARTITION_KEY'] });
export const tagKey = string({ min: 1, max: 128 });
const tagValue = string({ min: 0, max: 256 });
export const tagMap = map(tagValue, { keyMin: 1, keyMax: 128, min: 1, max: 200 });
export const streamStatus = string<StreamStatus>({ values: ['CREATING', 'DELETING', 'ACTIVE', 'UPDATING'] });
export const encryptionType = string({ values: ['NONE', 'KMS'] });

/** The two ways to name a stream. At least one is needed, which the model does not say: see target.ts. */
export const target = {
  StreamName: streamName,
  StreamARN: streamArn,
  /** Reserved by AWS: accepted, ignored, and never answered. */
  StreamId: string({ min: 1, max: 24, pattern: '[a-z0-9]{20}-[a-z0-9]{3}' }),
};

export const streamModeDetails = structure('StreamModeDetails', {
  StreamMode: required(string({ values: ['PROVISIONED', 'ON_DEMAND'] })),
});

const hashKeyRange = structure('HashKeyRange', {
  StartingHashKey: required(hashKey),
  EndingHashKey: required(hashKey),
});

export const shard = structure('Shard', {
  ShardId: required(shardId),
  ParentShardId: shardId,
  AdjacentParentShardId: shardId,
  HashKeyRange: required(hashKeyRange),
  SequenceNumberRange: required(
    structure('SequenceNumberRange', {
      StartingSequenceNumber: required(sequenceNumber),
      EndingSequenceNumber: sequenceNumber,
    }),
  ),
});

export const childShard = structure('ChildShard', {
  ShardId: required(shardId),
  ParentShards: required(list(shardId)),
  HashKeyRange: required(hashKeyRange),
});

/** In the API reference's order. */
export const metricsNameValues = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
  'ALL',
] as const;
export const metricsNames = list(string({ values: metricsNameValues }), { min: 1, max: 7 });

export const enhancedMetrics = structure('EnhancedMetrics', { ShardLevelMetrics: metricsNames });

export const record = structure('Record', {
  SequenceNumber: required(sequenceNumber),
  ApproximateArrivalTimestamp: timestamp(),
  Data: required(recordData),
  PartitionKey: partitionKey,
  EncryptionType: encryptionType,
});

export const tag = structure('Tag', { Key: required(tagKey), Value: tagValue });

export const millisBehindLatest = long({ min: 0 });
