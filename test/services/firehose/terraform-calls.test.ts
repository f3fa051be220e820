import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  type DeliveryStreamDescription,
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  FirehoseClient,
  ListTagsForDeliveryStreamCommand,
  ResourceNotFoundException,
  StartDeliveryStreamEncryptionCommand,
  StopDeliveryStreamEncryptionCommand,
  TagDeliveryStreamCommand,
  UntagDeliveryStreamCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { startTestServer } from '../../../src/server/testing.ts';

// The calls that Terraform's provider for AWS makes for `aws_kinesis_firehose_delivery_stream`, in its order,
// with what it waits for, and all that it writes into a request though nobody asked for it.

const DeliveryStreamName = 'orders';
const account = '000000000000';
const RoleARN = `arn:aws:iam::${account}:role/orders`;
const BucketARN = 'arn:aws:s3:::orders';

const noLogs = { Enabled: false, LogGroupName: '', LogStreamName: '' };
const plain = {
  ...{ RoleARN, BucketARN, CompressionFormat: 'GZIP' as const },
  BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 5 },
  EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
  CloudWatchLoggingOptions: noLogs,
} as const;

/** What a configuration says, and a refresh has to find again: else the next plan would change it. */
const declared: ExtendedS3DestinationConfiguration = {
  ...plain,
  CustomTimeZone: 'UTC',
  FileExtension: '',
  Prefix: 'customer=!{partitionKeyFromQuery:customer}/',
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
  BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64 },
  DataFormatConversionConfiguration: { Enabled: false },
  DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 300 } },
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [
      {
        Type: 'RecordDeAggregation',
        Parameters: [{ ParameterName: 'SubRecordType', ParameterValue: 'JSON' }],
      },
      {
        Type: 'Lambda',
        Parameters: [
          {
            ParameterName: 'LambdaArn',
            ParameterValue: `arn:aws:lambda:us-east-1:${account}:function:orders:$LATEST`,
          },
          // Terraform puts these in, and leaves them out of what it compares.
          { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
          { ParameterName: 'RoleArn', ParameterValue: RoleARN },
          { ParameterName: 'BufferSizeInMBs', ParameterValue: '1' },
          { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '60' },
        ],
      },
      {
        Type: 'MetadataExtraction',
        Parameters: [
          { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
          { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{customer:.customer_id}' },
        ],
      },
    ],
  },
  S3BackupMode: 'Enabled',
  S3BackupConfiguration: { ...plain, Prefix: 'raw/' },
};

async function clients() {
  const server = await startTestServer({ transitionDelay: 1 });
  const firehose = new FirehoseClient(server.clientConfig);
  const describe = async () => {
    const input = { DeliveryStreamName };
    return (await firehose.send(new DescribeDeliveryStreamCommand(input))).DeliveryStreamDescription!;
  };
  /** As the provider waits: reads until it is so. */
  const waited = async (isThere: (found: DeliveryStreamDescription) => boolean) => {
    for (;;) {
      const found = await describe();
      if (isThere(found)) return found;
      await sleep(5);
    }
  };
  const active = () => waited(({ DeliveryStreamStatus }) => DeliveryStreamStatus === 'ACTIVE');
  return { server, firehose, waited, active, describe };
}

test('a delivery stream is applied, refreshed without a change, updated and destroyed', async () => {
  const { server, firehose, active, describe } = await clients();
  await using _ = server;
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName,
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: declared,
      Tags: [{ Key: 'team', Value: 'shop' }],
    }),
  );
  const made = await active();
  const [destination] = made.Destinations!;
  const { S3BackupDescription, ...rest } = destination!.ExtendedS3DestinationDescription!;
  const { S3BackupConfiguration, ...asked } = declared;
  assert.deepEqual(rest, asked);
  assert.deepEqual(S3BackupDescription, S3BackupConfiguration);

  const tags = await firehose.send(new ListTagsForDeliveryStreamCommand({ DeliveryStreamName }));
  assert.deepEqual(tags.Tags, [{ Key: 'team', Value: 'shop' }]);
  await firehose.send(new UntagDeliveryStreamCommand({ DeliveryStreamName, TagKeys: ['team'] }));
  await firehose.send(new TagDeliveryStreamCommand({ DeliveryStreamName, Tags: [{ Key: 'a', Value: '' }] }));

  const { S3BackupConfiguration: S3BackupUpdate, ...update } = declared;
  await firehose.send(
    new UpdateDestinationCommand({
      DeliveryStreamName,
      CurrentDeliveryStreamVersionId: made.VersionId,
      DestinationId: destination!.DestinationId,
      ExtendedS3DestinationUpdate: { ...update, CompressionFormat: 'ZIP', S3BackupUpdate },
    }),
  );
  const updated = (await describe()).Destinations![0]!.ExtendedS3DestinationDescription!;
  assert.deepEqual(
    { ...updated, S3BackupDescription: undefined },
    {
      ...asked,
      CompressionFormat: 'ZIP',
      S3BackupDescription: undefined,
    },
  );
  await destroyed(firehose, describe);
});

test('server-side encryption is turned on after it was made, and off again', async () => {
  const { server, firehose, active, waited, describe } = await clients();
  await using _ = server;
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName,
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: {
        ...plain,
        ...{ CustomTimeZone: 'UTC', FileExtension: '', Prefix: '', S3BackupMode: 'Disabled' },
        DataFormatConversionConfiguration: { Enabled: false },
        ProcessingConfiguration: { Enabled: false, Processors: [] },
      },
    }),
  );
  await active();
  const is = (status: string) =>
    waited(({ DeliveryStreamEncryptionConfiguration: found }) => found?.Status === status);
  await firehose.send(
    new StartDeliveryStreamEncryptionCommand({
      DeliveryStreamName,
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
    }),
  );
  await is('ENABLED');
  await firehose.send(new StopDeliveryStreamEncryptionCommand({ DeliveryStreamName }));
  await is('DISABLED');
  await destroyed(firehose, describe);
});

test('one that reads a stream is refreshed without a change', async () => {
  const { server, firehose, active } = await clients();
  await using _ = server;
  const kinesis = new KinesisClient(server.clientConfig);
  await kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  const source = { KinesisStreamARN: `arn:aws:kinesis:us-east-1:${account}:stream/orders`, RoleARN };
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName,
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: source,
      HttpEndpointDestinationConfiguration: {
        EndpointConfiguration: { Url: 'https://example.com/in', Name: 'in', AccessKey: 'hush' },
        BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 5 },
        CloudWatchLoggingOptions: noLogs,
        ProcessingConfiguration: { Enabled: false, Processors: [] },
        RequestConfiguration: { CommonAttributes: [], ContentEncoding: 'NONE' },
        RetryOptions: { DurationInSeconds: 300 },
        ...{ RoleARN, S3BackupMode: 'FailedDataOnly' },
        S3Configuration: { ...plain, Prefix: '' },
      },
    }),
  );
  const { Source, Destinations } = await active();
  const { DeliveryStartTimestamp, ...found } = Source!.KinesisStreamSourceDescription!;
  assert.deepEqual(found, source);
  assert.ok(DeliveryStartTimestamp instanceof Date);
  assert.deepEqual(Destinations![0]!.HttpEndpointDestinationDescription!.EndpointConfiguration, {
    Url: 'https://example.com/in',
    Name: 'in',
  });
});

/** Until a read says that it is not there. */
async function destroyed(firehose: FirehoseClient, describe: () => Promise<unknown>): Promise<void> {
  await firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName }));
  for (;;) {
    try {
      await describe();
    } catch (error) {
      assert.ok(error instanceof ResourceNotFoundException);
      return;
    }
    await sleep(5);
  }
}
