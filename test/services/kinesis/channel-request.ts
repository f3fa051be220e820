/** A request for a channel of a stream in us-east-1, to a bucket. */
export function bucketRequest(changes: object = {}, stream = 's'): Record<string, object | string> {
  const StorageConfiguration = {
    ...{ BucketARN: 'arn:aws:s3:::bucket', ExpectedBucketOwner: account, CompressionType: 'NONE' },
  };
  return {
    ...requestOf('to-bucket', stream, { RecordFormatType: 'JSON' }),
    S3DestinationConfiguration: { StorageConfiguration },
    ...changes,
  };
}

/** The same into a table. */
export function tableRequest(changes: object = {}, records: object = {}): Record<string, object | string> {
  const table = {
    ...{ TableBucketARN: `arn:aws:s3tables:us-east-1:${account}:bucket/lake`, Namespace: 'air' },
    ...{ TableName: 'flights', CompressionType: 'ZSTD' },
  };
  const DeadLetterQueueS3Configuration = {
    ...{ BucketARN: 'arn:aws:s3:::letters', ExpectedBucketOwner: account },
  };
  return {
    ...requestOf('to-table', 's', { RecordFormatType: 'JSON', GSRSchemaARN: schemaArn, ...records }),
    S3TablesDestinationConfiguration: { DeadLetterQueueS3Configuration, S3TablesConfigurationList: [table] },
    ...changes,
  };
}

const account = '000000000000';
export const schemaArn = `arn:aws:glue:us-east-1:${account}:schema/air/flights`;

function requestOf(ChannelName: string, stream: string, RecordConfiguration: object) {
  const StreamARN = `arn:aws:kinesis:us-east-1:${account}:stream/${stream}`;
  return {
    ...{ ChannelName, ServiceExecutionRoleARN: `arn:aws:iam::${account}:role/delivers` },
    StreamConfigurationList: [{ StreamARN, RecordConfiguration }],
  };
}
