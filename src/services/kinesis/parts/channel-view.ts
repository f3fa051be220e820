import { type CatalogState, findStream } from '../../../catalog/state.ts';
import { formatChannelArn, formatStreamArn } from '../../../kinesis/arn.ts';
import type { Channel } from '../../../kinesis/channel.ts';
import type { OutputOf } from '../../../wire/shape.ts';
import type { channelDescription, channelSummary } from './channel-shapes.ts';

/** A channel as it is described. Its stream is in the state. */
export function viewChannel(state: CatalogState, channel: Channel): OutputOf<typeof channelDescription> {
  const { records, encryption, logging } = channel;
  const { StreamARN, StreamCreationTimestamp } = viewStreamOf(state, channel);
  return {
    ...viewIdentity(channel),
    ServiceExecutionRoleARN: channel.role,
    StreamConfigurationList: [
      {
        ...{ StreamARN, StreamCreationTimestamp },
        RecordConfiguration: { RecordFormatType: records.format, GSRSchemaARN: records.schemaArn },
      },
    ],
    ...viewDestination(channel),
    EncryptionConfiguration: encryption && { EncryptionType: 'KMS', KeyId: encryption.keyId },
    LoggingConfiguration: {
      CloudWatchLogs: { Enabled: logging.isOn, LogGroupName: logging.group, LogStreamName: logging.stream },
    },
  };
}

/** A channel as it is listed. */
export function summarizeChannel(state: CatalogState, channel: Channel): OutputOf<typeof channelSummary> {
  return {
    ...viewIdentity(channel),
    ChannelDestinationType: channel.destination.kind,
    Streams: [viewStreamOf(state, channel)],
  };
}

function viewIdentity(channel: Channel) {
  return {
    ChannelName: channel.name,
    ChannelARN: formatChannelArn(channel),
    ChannelId: channel.id,
    ChannelStatus: channel.status,
    ChannelStatusReason: channel.reason,
    ChannelCreationTimestamp: channel.createdAt,
  };
}

function viewStreamOf(state: CatalogState, { stream }: Channel) {
  return {
    StreamARN: formatStreamArn(stream),
    StreamCreationTimestamp: findStream(state, stream)!.createdAt,
  };
}

function viewDestination({ destination, deadLetters, freshnessSeconds }: Channel) {
  const common = {
    DataFreshnessInSeconds: freshnessSeconds,
    DeadLetterQueueS3Configuration: {
      BucketARN: deadLetters.bucketArn,
      ExpectedBucketOwner: deadLetters.owner,
      ErrorOutputPrefix: deadLetters.prefix,
    },
  };
  if (destination.kind === 'S3') {
    const { bucketArn, owner, keyTemplate, storageClass, compression } = destination;
    const StorageConfiguration = {
      BucketARN: bucketArn,
      ExpectedBucketOwner: owner,
      OutputKeyTemplate: keyTemplate,
      StorageClass: storageClass,
      CompressionType: compression,
    };
    return { S3DestinationConfiguration: { ...common, StorageConfiguration } };
  }
  const { tableBucketArn, namespace, table, compression, hourOf } = destination;
  const fields = hourOf === undefined ? undefined : [{ Transform: 'TIME_HOUR' as const, SourceName: hourOf }];
  const configuration = {
    TableBucketARN: tableBucketArn,
    Namespace: namespace,
    TableName: table,
    CompressionType: compression,
    PartitionSpec: fields && { PartitionFields: fields },
  };
  return { S3TablesDestinationConfiguration: { ...common, S3TablesConfigurationList: [configuration] } };
}
