import type { ChannelStatus, RecordFormat } from '../../../kinesis/channel.ts';
import { boolean, integer, list, required, string, structure, timestamp } from '../../../wire/shape.ts';
import { streamArn } from './shapes.ts';

// Shapes of channels, and their constraints, from the service's model (API reference, data types).

const name = string({ min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' });
const roleArn = string({
  min: 1,
  max: 512,
  pattern: 'arn:aws[-a-z0-9]*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+',
});
const bucketArn = string({ min: 1, max: 2048, pattern: 'arn:aws[-a-z0-9]*:s3:::[a-z0-9._-]{3,63}' });
const bucketOwner = string({ min: 12, max: 12, pattern: '\\d{12}' });
const tableName = string({ min: 1, max: 255, pattern: '[0-9a-z_]+' });
const seconds = integer();

export const channelName = name;
export const serviceRoleArn = roleArn;
export const channelArn = string({ min: 1, max: 2048, pattern: 'arn:aws.*:kinesis:.*:\\d{12}:channel/\\S+' });

const recordConfiguration = structure('RecordConfiguration', {
  RecordFormatType: required(string<RecordFormat>({ values: ['GSR_JSON', 'JSON', 'STRING', 'BYTE_ARRAY'] })),
  GSRSchemaARN: string({
    min: 1,
    max: 512,
    pattern: 'arn:aws[-a-z0-9]*:glue:[-a-z0-9]+:\\d{12}:schema/[-a-zA-Z0-9_$#.]+/[-a-zA-Z0-9_$#.]+',
  }),
});

export const streamConfigurations = list(
  structure('ChannelStreamConfiguration', {
    StreamARN: required(streamArn),
    RecordConfiguration: required(recordConfiguration),
  }),
  { min: 1, max: 10_000 },
);

const deadLetters = structure('DeadLetterQueueS3Configuration', {
  BucketARN: required(bucketArn),
  ExpectedBucketOwner: required(bucketOwner),
  ErrorOutputPrefix: string({ min: 1, max: 512, pattern: "[0-9A-Za-z!\\-_'.*()\\/]+" }),
});

const storage = structure('S3StorageConfiguration', {
  BucketARN: required(bucketArn),
  ExpectedBucketOwner: required(bucketOwner),
  OutputKeyTemplate: string({ min: 1, max: 1024, pattern: "[0-9A-Za-z!\\-_'.*()\\/=:{}]+" }),
  StorageClass: string({ values: ['STANDARD', 'INTELLIGENT_TIERING', 'GLACIER_IR'] }),
  CompressionType: required(string({ values: ['NONE', 'GZIP', 'ZSTD'] })),
});

const partitionSpec = structure('PartitionSpec', {
  PartitionFields: required(
    list(
      structure('PartitionField', {
        Transform: required(string({ values: ['TIME_HOUR'] })),
        SourceName: required(string({ min: 1, max: 255, pattern: '[a-zA-Z0-9\\.\\_]+' })),
      }),
      { min: 1, max: 10 },
    ),
  ),
});

const tables = list(
  structure('S3TablesConfiguration', {
    TableBucketARN: required(
      string({
        min: 1,
        max: 2048,
        pattern: 'arn:aws[-a-z0-9]*:s3tables:[-a-z0-9]+:\\d{12}:bucket/[a-z0-9_-]{3,63}',
      }),
    ),
    Namespace: required(tableName),
    TableName: required(tableName),
    CompressionType: required(string({ values: ['NONE', 'ZSTD', 'SNAPPY'] })),
    PartitionSpec: partitionSpec,
  }),
  { min: 1, max: 10_000 },
);

export const s3Destination = structure('S3DestinationConfiguration', {
  DataFreshnessInSeconds: seconds,
  DeadLetterQueueS3Configuration: deadLetters,
  StorageConfiguration: required(storage),
});

export const tablesDestination = structure('S3TablesDestinationConfiguration', {
  DataFreshnessInSeconds: seconds,
  DeadLetterQueueS3Configuration: required(deadLetters),
  S3TablesConfigurationList: required(tables),
});

export const s3Update = structure('S3DestinationUpdateInput', { DataFreshnessInSeconds: required(seconds) });
export const tablesUpdate = structure('S3TablesDestinationUpdateInput', {
  DataFreshnessInSeconds: required(seconds),
});

export const channelEncryption = structure('ChannelEncryptionConfiguration', {
  EncryptionType: required(string({ values: ['KMS'] })),
  KeyId: required(string({ min: 1, max: 2048 })),
});

const logs = {
  Enabled: required(boolean()),
  LogGroupName: string({ min: 1, max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]+' }),
  LogStreamName: string({ min: 1, max: 512, pattern: '[^:*]*' }),
};

export const channelLogging = structure('ChannelLoggingConfiguration', {
  CloudWatchLogs: required(structure('CloudWatchLogs', logs)),
});
export const loggingUpdate = structure('ChannelLoggingUpdateInput', {
  CloudWatchLogs: required(structure('CloudWatchLogsUpdateInput', logs)),
});

/** The members with which every view of a channel begins. */
const identity = {
  ChannelName: required(name),
  ChannelARN: required(channelArn),
  ChannelId: required(string({ min: 1, max: 64 })),
  ChannelStatus: required(
    string<ChannelStatus>({ values: ['CREATING', 'ACTIVE', 'UPDATING', 'DELETING', 'FAILED'] }),
  ),
  ChannelStatusReason: string({ min: 1, max: 2048 }),
  ChannelCreationTimestamp: required(timestamp()),
};

export const channelDescription = structure('ChannelDescription', {
  ...identity,
  ServiceExecutionRoleARN: required(roleArn),
  StreamConfigurationList: required(
    list(
      structure('ChannelStreamDescription', {
        StreamARN: required(streamArn),
        StreamCreationTimestamp: required(timestamp()),
        RecordConfiguration: required(recordConfiguration),
      }),
    ),
  ),
  S3DestinationConfiguration: structure('S3DestinationDescription', {
    DataFreshnessInSeconds: required(seconds),
    DeadLetterQueueS3Configuration: required(deadLetters),
    StorageConfiguration: required(storage),
  }),
  S3TablesDestinationConfiguration: structure('S3TablesDestinationDescription', {
    DataFreshnessInSeconds: required(seconds),
    DeadLetterQueueS3Configuration: required(deadLetters),
    S3TablesConfigurationList: required(tables),
  }),
  EncryptionConfiguration: channelEncryption,
  LoggingConfiguration: required(channelLogging),
});

export const channelSummary = structure('ChannelSummary', {
  ...identity,
  ChannelDestinationType: required(string({ values: ['S3', 'S3_TABLES'] })),
  Streams: required(
    list(
      structure('ChannelStreamIdentifier', {
        StreamARN: required(streamArn),
        StreamCreationTimestamp: required(timestamp()),
      }),
    ),
  ),
});

export const streamFilter = list(
  structure('StreamFilter', { StreamARN: required(streamArn), StreamCreationTimestamp: timestamp() }),
  { min: 1, max: 10_000 },
);
