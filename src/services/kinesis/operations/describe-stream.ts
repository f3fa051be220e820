import { formatStreamArn } from '../../../kinesis/arn.ts';
import { limits } from '../../../kinesis/limits.ts';
import { parseShardId } from '../../../kinesis/shard-id.ts';
import { isExpired, trimHorizon } from '../../../kinesis/stream.ts';
import { boolean, integer, list, required, string, structure, timestamp } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { metricsOf } from '../parts/enhanced-monitoring.ts';
import { onStream } from '../parts/prepare.ts';
import {
  encryptionType,
  enhancedMetrics,
  pageLimit,
  shard,
  shardId,
  streamArn,
  streamModeDetails,
  streamName,
  streamStatus,
  target,
} from '../parts/shapes.ts';
import { shardNotFound } from '../parts/shard-target.ts';
import { viewShard } from '../parts/shard-view.ts';
import { requireStreamAt } from '../parts/target.ts';

const streamDescription = structure('StreamDescription', {
  StreamName: required(streamName),
  StreamARN: required(streamArn),
  StreamStatus: required(streamStatus),
  StreamModeDetails: streamModeDetails,
  Shards: required(list(shard)),
  HasMoreShards: required(boolean()),
  RetentionPeriodHours: required(integer()),
  StreamCreationTimestamp: required(timestamp()),
  EnhancedMonitoring: required(list(enhancedMetrics)),
  EncryptionType: encryptionType,
  KeyId: string({ min: 1, max: 2048 }),
});

export const describeStream = operation({
  name: 'DescribeStream',
  summary: 'Describes a stream and up to 100 of its shards at a time.',
  runs: 'owner',
  rate: { perSecond: 10, per: 'account' },
  input: structure('DescribeStreamInput', {
    ...target,
    Limit: pageLimit,
    ExclusiveStartShardId: shardId,
  }),
  output: structure('DescribeStreamOutput', { StreamDescription: required(streamDescription) }),
  prepare: (world, request, caller) =>
    onStream(request, caller, async (address) => {
      const after = startAfter(request.ExclusiveStartShardId, address);
      const stream = requireStreamAt(world.catalog.state, address);
      const horizon = trimHorizon(stream, world.clock.now());
      const rest = stream.shards.filter(
        (candidate) => candidate.index > after && !isExpired(candidate, horizon),
      );
      const page = rest.slice(0, Math.min(request.Limit ?? Infinity, limits.describeStreamShardsMax));
      return {
        StreamDescription: {
          StreamName: stream.name,
          StreamARN: formatStreamArn(stream),
          StreamStatus: stream.status,
          StreamModeDetails: { StreamMode: stream.mode },
          Shards: page.map(viewShard),
          HasMoreShards: page.length < rest.length,
          RetentionPeriodHours: stream.retentionHours,
          StreamCreationTimestamp: stream.createdAt,
          EnhancedMonitoring: [{ ShardLevelMetrics: metricsOf(stream) }],
          EncryptionType: stream.encryptionKey === null ? ('NONE' as const) : ('KMS' as const),
          KeyId: stream.encryptionKey ?? undefined,
        },
      };
    }),
});

/** The index after which a page begins. The shard named need not exist. */
export function startAfter(id: string | undefined, stream: { name: string; account: string }): number {
  if (id === undefined) return -1;
  const index = parseShardId(id);
  if (index === undefined) throw shardNotFound(id, stream);
  return index;
}
