import { formatStreamArn } from '../../../kinesis/arn.ts';
import { routerOf } from '../../../stream/router.ts';
import { integer, list, required, string, structure, timestamp } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { isCommitted } from '../parts/commitment.ts';
import { metricsOf } from '../parts/enhanced-monitoring.ts';
import { onStream } from '../parts/prepare.ts';
import {
  distributionStrategy,
  encryptionType,
  enhancedMetrics,
  streamArn,
  streamModeDetails,
  streamName,
  streamStatus,
  target,
} from '../parts/shapes.ts';
import { requireStreamAt } from '../parts/target.ts';
import { viewWarmth, warmThroughput } from '../parts/warm-throughput.ts';

const summary = structure('StreamDescriptionSummary', {
  StreamName: required(streamName),
  StreamARN: required(streamArn),
  StreamStatus: required(streamStatus),
  StreamModeDetails: streamModeDetails,
  RetentionPeriodHours: required(integer()),
  StreamCreationTimestamp: required(timestamp()),
  EnhancedMonitoring: required(list(enhancedMetrics)),
  EncryptionType: encryptionType,
  KeyId: string({ min: 1, max: 2048 }),
  OpenShardCount: required(integer({ min: 0 })),
  ConsumerCount: integer({ min: 0 }),
  MaxRecordSizeInKiB: integer(),
  WarmThroughput: warmThroughput,
  ChannelCount: integer({ min: 0 }),
  RecordDistributionStrategy: distributionStrategy,
});

export const describeStreamSummary = operation({
  name: 'DescribeStreamSummary',
  summary: 'Describes a stream without its shards.',
  runs: 'owner',
  rate: { perSecond: 20, per: 'account' },
  input: structure('DescribeStreamSummaryInput', target),
  output: structure('DescribeStreamSummaryOutput', { StreamDescriptionSummary: required(summary) }),
  prepare: ({ catalog, clock }, request, caller) =>
    onStream(request, caller, async (address) => {
      const stream = requireStreamAt(catalog.state, address);
      const onDemand = stream.mode === 'ON_DEMAND';
      const committed = isCommitted(catalog.state, stream, clock.now());
      return {
        // Never StreamId, which AWS reserves: a client that sends it back would no longer call our endpoint.
        StreamDescriptionSummary: {
          StreamName: stream.name,
          StreamARN: formatStreamArn(stream),
          StreamStatus: stream.status,
          StreamModeDetails: { StreamMode: stream.mode },
          RetentionPeriodHours: stream.retentionHours,
          StreamCreationTimestamp: stream.createdAt,
          EnhancedMonitoring: [{ ShardLevelMetrics: metricsOf(stream) }],
          EncryptionType: stream.encryptionKey === null ? ('NONE' as const) : ('KMS' as const),
          KeyId: stream.encryptionKey ?? undefined,
          OpenShardCount: routerOf(stream).shards.length,
          ConsumerCount: stream.consumers.length,
          MaxRecordSizeInKiB: stream.recordSizeMaxKiB,
          ChannelCount: 0,
          WarmThroughput: onDemand && committed ? viewWarmth(stream) : undefined,
          RecordDistributionStrategy: onDemand ? stream.distribution : undefined,
        },
      };
    }),
});
