import type { ApiRequest, RequestValue } from '../../code/request.ts';

/** A stream as requests name it. */
export type StreamNamed = { readonly name: string; readonly arn: string };

export function kinesis(operation: string, input: Readonly<Record<string, RequestValue>>): ApiRequest {
  return { service: 'kinesis', operation, input };
}

export function splitShard({ name }: StreamNamed, shardId: string, at: bigint): ApiRequest[] {
  return [kinesis('SplitShard', { StreamName: name, ShardToSplit: shardId, NewStartingHashKey: String(at) })];
}

/** The shard with the lower hash keys comes first. */
export function mergeShards({ name }: StreamNamed, lowerId: string, upperId: string): ApiRequest[] {
  return [kinesis('MergeShards', { StreamName: name, ShardToMerge: lowerId, AdjacentShardToMerge: upperId })];
}

export function scale({ name }: StreamNamed, target: number): ApiRequest[] {
  return [
    kinesis('UpdateShardCount', {
      StreamName: name,
      TargetShardCount: target,
      ScalingType: 'UNIFORM_SCALING',
    }),
  ];
}

/** None where it is kept so long already. */
export function changeRetention({ name }: StreamNamed, nowHours: number, hours: number): ApiRequest[] {
  if (hours === nowHours) return [];
  const direction = hours > nowHours ? 'Increase' : 'Decrease';
  return [kinesis(`${direction}StreamRetentionPeriod`, { StreamName: name, RetentionPeriodHours: hours })];
}

export function changeMode({ arn }: StreamNamed, mode: 'PROVISIONED' | 'ON_DEMAND'): ApiRequest[] {
  return [kinesis('UpdateStreamMode', { StreamARN: arn, StreamModeDetails: { StreamMode: mode } })];
}

export function changeDistribution(
  { arn }: StreamNamed,
  strategy: 'AUTO' | 'USER_PARTITION_KEY',
): ApiRequest[] {
  const named = { StreamARN: arn, RecordDistributionStrategy: strategy };
  return [kinesis('UpdateStreamRecordDistributionStrategy', named)];
}

/** Records are encrypted with this key from then on; without one they are not. */
export function changeEncryption(
  { name }: StreamNamed,
  nowKeyId: string | undefined,
  keyId: string | undefined,
): ApiRequest[] {
  if (keyId === nowKeyId) return [];
  const named = { StreamName: name, EncryptionType: 'KMS' };
  if (keyId !== undefined) return [kinesis('StartStreamEncryption', { ...named, KeyId: keyId })];
  return [kinesis('StopStreamEncryption', { ...named, KeyId: nowKeyId! })];
}

/** Metrics of shards that are to be published, as two lists of which the second is wanted. */
export function changeMonitoring(
  { name }: StreamNamed,
  now: readonly string[],
  wanted: readonly string[],
): ApiRequest[] {
  const more = wanted.filter((metric) => !now.includes(metric));
  const fewer = now.filter((metric) => !wanted.includes(metric));
  return [
    ...(more.length === 0
      ? []
      : [kinesis('EnableEnhancedMonitoring', { StreamName: name, ShardLevelMetrics: more })]),
    ...(fewer.length === 0
      ? []
      : [kinesis('DisableEnhancedMonitoring', { StreamName: name, ShardLevelMetrics: fewer })]),
  ];
}

type Tags = Readonly<Record<string, string>>;

/** What is gone goes first, so that there is room for what comes. */
export function changeTags({ arn }: StreamNamed, now: Tags, wanted: Tags): ApiRequest[] {
  const gone = Object.keys(now).filter((key) => !Object.hasOwn(wanted, key));
  const put = Object.entries(wanted).filter(([key, value]) => !Object.hasOwn(now, key) || now[key] !== value);
  return [
    ...(gone.length === 0 ? [] : [kinesis('UntagResource', { ResourceARN: arn, TagKeys: gone })]),
    ...(put.length === 0
      ? []
      : [kinesis('TagResource', { ResourceARN: arn, Tags: Object.fromEntries(put) })]),
  ];
}

/** An empty policy is none. */
export function changePolicy({ arn }: StreamNamed, policy: string): ApiRequest[] {
  if (policy.trim() === '') return [kinesis('DeleteResourcePolicy', { ResourceARN: arn })];
  return [kinesis('PutResourcePolicy', { ResourceARN: arn, Policy: policy })];
}

export function changeRecordSize({ arn }: StreamNamed, kibibytes: number): ApiRequest[] {
  return [kinesis('UpdateMaxRecordSize', { StreamARN: arn, MaxRecordSizeInKiB: kibibytes })];
}

export function registerConsumer({ arn }: StreamNamed, consumer: string): ApiRequest[] {
  return [kinesis('RegisterStreamConsumer', { StreamARN: arn, ConsumerName: consumer })];
}

export function deregisterConsumer({ arn }: StreamNamed, consumer: string): ApiRequest[] {
  return [kinesis('DeregisterStreamConsumer', { StreamARN: arn, ConsumerName: consumer })];
}

export function deleteStream({ name }: StreamNamed, hasConsumers: boolean): ApiRequest[] {
  return [
    kinesis('DeleteStream', {
      StreamName: name,
      ...(hasConsumers ? { EnforceConsumerDeletion: true } : {}),
    }),
  ];
}
