import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateDeliveryStreamCommand, UpdateDestinationCommand } from '@aws-sdk/client-firehose';
import { FirehoseBench, refusalOf, role, toS3 } from './firehose-bench.ts';

const lambda = 'arn:aws:lambda:us-east-1:000000000000:function:transform';

function processing(...Processors: readonly object[]) {
  return { ProcessingConfiguration: { Enabled: true, Processors } };
}

function processor(Type: string, parameters: Readonly<Record<string, string>> = {}) {
  const Parameters = Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
    ParameterName,
    ParameterValue,
  }));
  return { Type, ...(Parameters.length > 0 && { Parameters }) };
}

const partitioned = {
  DynamicPartitioningConfiguration: { Enabled: true },
  Prefix: 'c=!{partitionKeyFromQuery:c}/',
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
};
const extraction = (query: string) =>
  processor('MetadataExtraction', { MetadataExtractionQuery: query, JsonParsingEngine: 'JQ-1.6' });

const serdes = {
  InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
  OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
};
const schema = { RoleARN: role, DatabaseName: 'lake', TableName: 'flights' };
const converted = (DataFormatConversionConfiguration: object) => ({ DataFormatConversionConfiguration });

/** What AWS says of a destination in S3 (recorded, of CreateDeliveryStream), by what is wrong with it. */
const refused: readonly (readonly [what: object, text: string])[] = [
  [
    { Prefix: 'd=!{timestamp:yyyy}/' },
    'Ths supplied prefix(es) do not satisfy the following constraint: ErrorOutputPrefix cannot be null or empty when Prefix contains expressions',
  ],
  [
    { Prefix: 'd=!{timestamp:yyyy}/', ErrorOutputPrefix: 'e/!{timestamp:yyyy}/' },
    'Ths supplied prefix(es) do not satisfy the following constraint: ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}',
  ],
  [
    { Prefix: '!{firehose:error-output-type}', ErrorOutputPrefix: '!{firehose:error-output-type}' },
    'Ths supplied prefix(es) do not satisfy the following constraint: Prefix must not contain any occurrence of !{firehose:error-output-type}',
  ],
  [
    { Prefix: `${'p'.repeat(509)}!{timestamp:yyyy}`, ErrorOutputPrefix: '!{firehose:error-output-type}' },
    'Ths supplied prefix(es) do not satisfy the following constraint: Length of evaluated prefix cannot be greater than 512',
  ],
  [
    { Prefix: '!{stamp:yyyy}', ErrorOutputPrefix: '!{firehose:error-output-type}' },
    'Ths supplied prefix(es) do not satisfy the following constraint: Namespace to the left of colon (stamp) is an invalid keyword!',
  ],
  [
    { ...partitioned, DynamicPartitioningConfiguration: { Enabled: false } },
    'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.',
  ],
  [
    { ...partitioned, Prefix: 'plain/' },
    'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
  ],
  [
    { ...partitioned, ErrorOutputPrefix: '!{firehose:error-output-type}/!{partitionKeyFromQuery:c}' },
    "Dynamic Partitioning Namespaces can't be part of an error prefix expression",
  ],
  [
    {
      ...partitioned,
      ...processing(extraction('{c: .c}')),
      BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 },
    },
    'BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.',
  ],
  [
    { ...partitioned, ...processing(extraction('{c: .c, d: .d}')) },
    "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
  ],
  [
    processing(extraction('{c: .c}')),
    'class com.amazonaws.services.firehose.internal.model.MetadataExtractionProcessor can only be present when Dynamic Partitioning is enabled.',
  ],
  [
    processing(processor('RecordDeAggregation', { SubRecordType: 'JSON' })),
    'class com.amazonaws.services.firehose.internal.model.RecordDeAggregationProcessor can only be present when Dynamic Partitioning is enabled.',
  ],
  [
    processing(),
    'A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.',
  ],
  [processing(processor('Lambda')), 'LambdaArn is required when Lambda processor is used.'],
  [
    processing(processor('Lambda', { LambdaArn: lambda, NumberOfRetries: '301' })),
    'Number of retries for lambda must be between 0 and 300.',
  ],
  [
    processing(processor('Lambda', { LambdaArn: lambda, BufferSizeInMBs: '1' })),
    'Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor.',
  ],
  [
    processing(processor('Lambda', { LambdaArn: lambda }), processor('Lambda', { LambdaArn: lambda })),
    'Cannot have more than 1 Lambda processor.',
  ],
  [
    processing(processor('CloudWatchLogProcessing', { DataMessageExtraction: 'true' })),
    'CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor',
  ],
  [{ S3BackupMode: 'Enabled' }, 'S3 backup destination configuration is required when enabling S3 backup.'],
  [
    { EncryptionConfiguration: {} },
    'Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified',
  ],
  [
    { CloudWatchLoggingOptions: { Enabled: true } },
    'CloudWatch Log Group Name is required if CloudWatch Logging is enabled',
  ],
  [
    { CustomTimeZone: 'EST' },
    'Provided custom time zone is not supported. Custom time zones are limited to UTC and non-3-letter IANA time zones.',
  ],
  [
    { ...converted({ Enabled: true }), CompressionFormat: 'GZIP' },
    "The S3 destination's compression format must be set to UNCOMPRESSED when data format conversion is enabled. To enable compression within the converted output format, set the appropriate serialization option in the output format configuration.",
  ],
  [
    { ...converted({}), BufferingHints: { SizeInMBs: 63, IntervalInSeconds: 60 } },
    'BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.',
  ],
  [converted({}), 'InputFormatConfiguration must not be null'],
  [converted(serdes), 'SchemaConfiguration must not be null'],
  [
    converted({ ...serdes, SchemaConfiguration: { RoleARN: role, TableName: 'flights' } }),
    'SchemaConfiguration.DatabaseName must not be null or empty',
  ],
  [
    converted({
      ...serdes,
      OutputFormatConfiguration: { Serializer: { OrcSerDe: {} } },
      SchemaConfiguration: schema,
    }),
    'ORC as an output format is not served.',
  ],
  [converted({ ...serdes, SchemaConfiguration: schema }), 'Table flights of database lake not found.'],
];

test('a destination in S3 is refused in the words of AWS', async () => {
  const { client } = await FirehoseBench.start();
  const found: string[] = [];
  for (const [what] of refused) {
    const ExtendedS3DestinationConfiguration = toS3(what);
    const made = client.send(
      new CreateDeliveryStreamCommand({ DeliveryStreamName: 'x', ExtendedS3DestinationConfiguration }),
    );
    found.push(await refusalOf(made));
  }
  assert.deepEqual(
    found,
    refused.map(([, text]) => `400 InvalidArgumentException: ${text}`),
  );
});

test('what is not delivered to, and what is no source here, is refused by name', async () => {
  const bench = await FirehoseBench.start();
  const s3 = { ExtendedS3DestinationConfiguration: toS3({}) };
  const refusedFor = async (asked: object) => {
    const { status, body } = await bench.post('CreateDeliveryStream', { DeliveryStreamName: 'x', ...asked });
    assert.equal(status, 400);
    return Object.values(body as object).join(': ');
  };
  const splunk = { SplunkDestinationConfiguration: { HECEndpoint: 'https://example.com' } };
  assert.equal(await refusedFor(splunk), 'InvalidArgumentException: Splunk as a destination is not served.');
  assert.equal(
    await refusedFor({ ...s3, RedshiftDestinationConfiguration: {} }),
    'InvalidArgumentException: Amazon Redshift as a destination is not served.',
  );
  assert.equal(
    await refusedFor({ ...s3, DeliveryStreamType: 'MSKAsSource' }),
    'InvalidArgumentException: A topic of Amazon MSK as a source is not served.',
  );
  assert.equal(
    await refusedFor({ ...s3, DeliveryStreamType: 'KinesisStreamAsSource' }),
    'InvalidArgumentException: KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type.',
  );
  assert.equal(
    await refusedFor({}),
    'InvalidArgumentException: Exactly one destination configuration is supported for a Firehose',
  );
});

test('an update is checked together with what is not updated', async () => {
  const bench = await FirehoseBench.start();
  bench.tables.set('lake.flights', [{ Name: 'id', Type: 'int' }]);
  const DeliveryStreamName = 'flights';
  const ExtendedS3DestinationConfiguration = toS3(converted({ ...serdes, SchemaConfiguration: schema }));
  await bench.client.send(
    new CreateDeliveryStreamCommand({ DeliveryStreamName, ExtendedS3DestinationConfiguration }),
  );
  await bench.settle();
  const update = (ExtendedS3DestinationUpdate: object, CurrentDeliveryStreamVersionId = '1') =>
    bench.client.send(
      new UpdateDestinationCommand({
        ...{ DeliveryStreamName, CurrentDeliveryStreamVersionId, ExtendedS3DestinationUpdate },
        DestinationId: 'destinationId-000000000001',
      }),
    );
  assert.match(
    await refusalOf(update({ CompressionFormat: 'GZIP' })),
    /^400 InvalidArgumentException: The S3 destination's compression format must be set to UNCOMPRESSED/,
  );
  assert.match(
    await refusalOf(update({ DynamicPartitioningConfiguration: { Enabled: true } })),
    /^400 InvalidArgumentException: Dynamic Partitioning can be enabled and disabled only when/,
  );
  await update(converted({ Enabled: false }));
  await update({ CompressionFormat: 'GZIP' }, '2');
  const [spec] = bench.specs();
  assert.deepEqual(spec?.destination.kind === 's3' && spec.destination.form, {
    kind: 'text',
    compression: 'GZIP',
  });
});

test('a role that cannot be taken on is refused, as is one of another account', async () => {
  const bench = await FirehoseBench.start();
  const create = (RoleARN: string) =>
    bench.client.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: 'x',
        ExtendedS3DestinationConfiguration: { ...toS3({}), RoleARN },
      }),
    );
  bench.refusedRole = role;
  assert.equal(
    await refusalOf(create(role)),
    `400 InvalidArgumentException: Firehose is unable to assume role ${role}. Please check the role provided.`,
  );
  assert.equal(
    await refusalOf(create('arn:aws:iam::111111111111:role/other')),
    '403 AccessDeniedException: Cross-account pass role is not allowed.',
  );
});
