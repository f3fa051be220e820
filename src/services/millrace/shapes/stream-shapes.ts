import { double, list, map, required, string, structure, timestamp } from '../../../wire/shape.ts';

/** Counts are whole numbers; as doubles they go beyond 32 bits. */
const count = () => required(double());

const countsSight = structure('CountsSight', {
  RecordsIn: count(),
  BytesIn: count(),
  PutUnits: count(),
  KilobytesIn: count(),
  RecordsThrottled: count(),
  RecordsOut: count(),
  BytesOut: count(),
  FanOutRecords: count(),
  FanOutBytes: count(),
  ReadsThrottled: count(),
});

export const streamSight = structure('StreamSight', {
  Name: required(string()),
  Arn: required(string()),
  Status: required(string({ values: ['CREATING', 'ACTIVE', 'UPDATING', 'DELETING'] })),
  Mode: required(string({ values: ['PROVISIONED', 'ON_DEMAND'] })),
  OpenShards: count(),
  ClosedShards: count(),
  RetentionHours: count(),
  CreatedAt: required(timestamp()),
  KeyId: string(),
  Tags: required(map(string())),
  Consumers: count(),
  Readers: count(),
  LagMillis: double(),
  LaggingReader: string(),
  TimeToLossMillis: double(),
  Counts: required(countsSight),
});

export const shardSight = structure('ShardSight', {
  ShardId: required(string()),
  ParentShardId: string(),
  AdjacentParentShardId: string(),
  StartingHashKey: required(string()),
  EndingHashKey: required(string()),
  CreatedAt: required(timestamp()),
  ClosedAt: timestamp(),
  Counts: required(countsSight),
  HotKeys: required(
    list(
      structure('HotKeySight', {
        Key: required(string()),
        HashKey: required(string()),
        Share: required(double()),
        Error: required(double()),
      }),
    ),
  ),
  SplitAt: string(),
});

/** The two ways to name a stream, as Kinesis has them. */
export const streamTarget = {
  StreamName: string({ min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' }),
  StreamARN: string({ min: 1, max: 2048, pattern: 'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+' }),
};
