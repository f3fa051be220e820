import { formatStreamArn } from '../../../kinesis/arn.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import { integer, list, required, string, timestamp } from '../../../wire/shape.ts';
import { metricsOf } from './enhanced-monitoring.ts';
import {
  encryptionType,
  enhancedMetrics,
  streamArn,
  streamModeDetails,
  streamName,
  streamStatus,
} from './shapes.ts';

/** The members with which every description of a stream begins. */
export const streamIdentity = {
  StreamName: required(streamName),
  StreamARN: required(streamArn),
  StreamStatus: required(streamStatus),
  StreamModeDetails: streamModeDetails,
};

/** Members of a stream's description, with its shards or without. */
export const streamSettings = {
  RetentionPeriodHours: required(integer()),
  StreamCreationTimestamp: required(timestamp()),
  EnhancedMonitoring: required(list(enhancedMetrics)),
  EncryptionType: encryptionType,
  KeyId: string({ min: 1, max: 2048 }),
};

/** The values of all of these. An answer has those of its shape, in the shape's order. */
export function viewStream(stream: Stream) {
  return {
    StreamName: stream.name,
    StreamARN: formatStreamArn(stream),
    StreamStatus: stream.status,
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: stream.createdAt,
    EnhancedMonitoring: [{ ShardLevelMetrics: metricsOf(stream) }],
    EncryptionType: stream.encryptionKey === null ? ('NONE' as const) : ('KMS' as const),
    KeyId: stream.encryptionKey ?? undefined,
  };
}
