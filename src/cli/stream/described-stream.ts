import type { AwsCalls } from '../aws-place.ts';

/** What DescribeStreamSummary answers of a stream. Times are seconds since 1970. */
export type StreamSummary = {
  readonly StreamName: string;
  readonly StreamARN: string;
  readonly StreamStatus: string;
  readonly StreamModeDetails?: { readonly StreamMode: string };
  readonly RetentionPeriodHours: number;
  readonly StreamCreationTimestamp: number;
  readonly EncryptionType?: string;
  readonly KeyId?: string;
  readonly OpenShardCount: number;
  readonly ConsumerCount?: number;
};

export type OpenShard = {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
};

export async function describedStream(calls: AwsCalls, name: string): Promise<StreamSummary> {
  const answer = await calls.kinesis<{ readonly StreamDescriptionSummary: StreamSummary }>(
    'DescribeStreamSummary',
    { StreamName: name },
  );
  return answer.StreamDescriptionSummary;
}

/** The shards that take records, in the order of their ranges. */
export async function openShardsOf(calls: AwsCalls, name: string): Promise<OpenShard[]> {
  const shards: OpenShard[] = [];
  let next: string | undefined;
  do {
    const from =
      next === undefined ? { StreamName: name, ShardFilter: { Type: 'AT_LATEST' } } : { NextToken: next };
    const page = await calls.kinesis<{ readonly Shards: readonly OpenShard[]; readonly NextToken?: string }>(
      'ListShards',
      from,
    );
    shards.push(...page.Shards);
    next = page.NextToken;
  } while (next !== undefined);
  const start = ({ HashKeyRange: range }: OpenShard) => BigInt(range.StartingHashKey);
  return shards.sort((one, other) => (start(one) < start(other) ? -1 : 1));
}

/** A shard by its number, or its whole id. */
export function shardIdOf(shard: string): string {
  return /^\d+$/.test(shard) ? `shardId-${shard.padStart(12, '0')}` : shard;
}
