import { formatStreamArn } from '../kinesis/arn.ts';
import { openShards } from '../kinesis/stream.ts';
import { integer, list, required, string, structure, timestamp } from '../wire/shape.ts';
import { metricsOf } from './enhanced-monitoring.ts';
import { operation } from './operation.ts';
import {
  encryptionType,
  enhancedMetrics,
  streamArn,
  streamModeDetails,
  streamName,
  streamStatus,
  target,
} from './shapes.ts';
import { requireStream } from './target.ts';

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
});

export const describeStreamSummary = operation({
  name: 'DescribeStreamSummary',
  summary: 'Describes a stream without its shards.',
  input: structure('DescribeStreamSummaryInput', target),
  output: structure('DescribeStreamSummaryOutput', { StreamDescriptionSummary: required(summary) }),
  async handle(service, request, caller) {
    const stream = requireStream(service, request, caller);
    return {
      // StreamId, reserved by AWS, must never be here: a client that sends it back no longer calls our endpoint.
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
        OpenShardCount: openShards(stream).length,
        ConsumerCount: 0,
        MaxRecordSizeInKiB: stream.recordSizeMaxKiB,
      },
    };
  },
});
