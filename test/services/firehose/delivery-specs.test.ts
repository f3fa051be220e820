import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateDeliveryStreamCommand, type CreateDeliveryStreamInput } from '@aws-sdk/client-firehose';
import type { DeliverySpec } from '../../../src/delivery/delivery-spec.ts';
import { account, FirehoseBench, region, role, toS3 } from './firehose-bench.ts';

/** What a delivery stream that was made so is to deliver. */
async function specOf(bench: FirehoseBench, asked: Omit<CreateDeliveryStreamInput, 'DeliveryStreamName'>) {
  await bench.client.send(new CreateDeliveryStreamCommand({ DeliveryStreamName: 'flights', ...asked }));
  await bench.settle();
  const [spec] = bench.specs();
  assert.ok(spec !== undefined);
  return spec;
}

function parameters(named: Readonly<Record<string, string>>) {
  return Object.entries(named).map(([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue }));
}

const processors = [
  { Type: 'Decompression', Parameters: parameters({ CompressionFormat: 'GZIP' }) },
  { Type: 'CloudWatchLogProcessing', Parameters: parameters({ DataMessageExtraction: 'true' }) },
  {
    Type: 'Lambda',
    Parameters: parameters({ LambdaArn: 'arn:aws:lambda:us-east-1:000000000000:function:transform' }),
  },
  { Type: 'RecordDeAggregation', Parameters: parameters({ SubRecordType: 'DELIMITED', Delimiter: 'IyM=' }) },
  {
    Type: 'MetadataExtraction',
    Parameters: parameters({ MetadataExtractionQuery: '{c: .carrier}', JsonParsingEngine: 'JQ-1.6' }),
  },
] as const;

type Processing = NonNullable<
  NonNullable<CreateDeliveryStreamInput['ExtendedS3DestinationConfiguration']>['ProcessingConfiguration']
>;

function processing(of: readonly object[]): Processing {
  return { Enabled: true, Processors: of } as Processing;
}

test('all of an extended destination in S3 becomes what is delivered', async () => {
  const bench = await FirehoseBench.start();
  const kmsKeyArn = `arn:aws:kms:${region}:${account}:key/1`;
  const spec = await specOf(bench, {
    ExtendedS3DestinationConfiguration: toS3({
      Prefix: 'c=!{partitionKeyFromQuery:c}/',
      ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
      CompressionFormat: 'HADOOP_SNAPPY' as const,
      EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: kmsKeyArn } },
      FileExtension: '.log',
      CustomTimeZone: 'Europe/Berlin',
      DynamicPartitioningConfiguration: { Enabled: true },
      ProcessingConfiguration: processing(processors),
      S3BackupMode: 'Enabled' as const,
      S3BackupConfiguration: {
        RoleARN: role,
        BucketARN: 'arn:aws:s3:::raw',
        CompressionFormat: 'GZIP' as const,
      },
    }),
  });
  const { id, source, ...rest } = spec;
  assert.match(id, /^firehose\/[0-9a-f-]{36}$/);
  assert.deepEqual(source, {
    stream: { account, region, name: 'firehose/flights' },
    ...{ streamId: '1', arn: undefined, start: { kind: 'TRIM_HORIZON' }, isOnce: false },
  });
  const names = { kind: 'firehose', timeZone: 'Europe/Berlin' } as const;
  const expected: Omit<DeliverySpec, 'id' | 'source'> = {
    revision: '1',
    owner: {
      ...{ kind: 'firehose', account, region, name: 'flights', number: '1' },
      arn: `arn:aws:firehose:${region}:${account}:deliverystream/flights`,
    },
    buffering: { bytes: 64 * 1024 * 1024, ms: 60_000 },
    stages: {
      ...{ takesKplApart: false, isSchemaRegistry: false, decompresses: true, cloudWatchLogs: 'messages' },
      deaggregation: { kind: 'DELIMITED', delimiter: 'IyM=' },
      partitioning: { query: '{c: .carrier}', activeMax: 500 },
      delimiter: undefined,
    },
    lambda: {
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:transform',
      ...{ role, retries: 3, buffering: { bytes: 1024 * 1024, ms: 60_000 } },
    },
    destination: {
      kind: 's3',
      target: {
        bucket: 'lake',
        names: { ...names, prefix: 'c=!{partitionKeyFromQuery:c}/', extension: '.log' },
        ...{ compression: 'HADOOP_SNAPPY', kmsKeyArn },
      },
      form: { kind: 'text', compression: 'HADOOP_SNAPPY' },
    },
    backup: {
      bucket: 'raw',
      names: { kind: 'firehose', prefix: '', extension: undefined, timeZone: 'UTC' },
      ...{ compression: 'GZIP', kmsKeyArn: undefined },
    },
    errors: {
      bucket: 'lake',
      names: { ...names, prefix: 'errors/!{firehose:error-output-type}/', extension: undefined },
      ...{ compression: 'NONE', kmsKeyArn },
    },
  };
  assert.deepEqual(rest, expected);
});

test('columns are read from where tables are, or stand in the place of the name', async () => {
  const inGlue = [{ Name: 'id', Type: 'int' }];
  const named: readonly (readonly [table: string, first: string])[] = [
    ['flights', 'int'],
    [JSON.stringify({ StorageDescriptor: { Columns: [{ Name: 'id', Type: 'string' }] } }), 'string'],
    ['struct<id:double,carrier:string>', 'double'],
  ];
  for (const [TableName, first] of named) {
    const bench = await FirehoseBench.start();
    bench.tables.set('lake.flights', inGlue);
    const { destination } = await specOf(bench, {
      ExtendedS3DestinationConfiguration: toS3({
        DataFormatConversionConfiguration: {
          SchemaConfiguration: { RoleARN: role, DatabaseName: 'lake', TableName },
          InputFormatConfiguration: {
            Deserializer: {
              OpenXJsonSerDe: { CaseInsensitive: false, ColumnToJsonKeyMappings: { id: 'number' } },
            },
          },
          OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'GZIP' as const } } },
        },
      }),
    });
    assert.ok(destination.kind === 's3' && destination.form.kind === 'parquet', TableName);
    const { schema, catalogTable, ...form } = destination.form;
    assert.deepEqual(catalogTable, {
      ...{ catalogId: account, databaseName: 'lake', tableName: TableName, region, versionId: 'LATEST' },
    });
    assert.deepEqual(schema.fields[0]?.type, { kind: first });
    assert.deepEqual(form, {
      ...{ kind: 'parquet', compression: 'GZIP', blockBytes: undefined, pageBytes: undefined },
      reading: {
        serde: 'openx',
        isCaseInsensitive: false,
        columnOfKey: { number: 'id' },
        dotsBecomeUnderscores: false,
        timestampFormats: [],
      },
    });
  }
});

test('an endpoint gets what was asked for, and its access key is described to nobody', async () => {
  const bench = await FirehoseBench.start();
  const spec = await specOf(bench, {
    HttpEndpointDestinationConfiguration: {
      EndpointConfiguration: { Url: 'https://example.com/in', Name: 'example', AccessKey: 'hush' },
      RequestConfiguration: {
        ContentEncoding: 'GZIP',
        CommonAttributes: [{ AttributeName: 'team', AttributeValue: 'air' }],
      },
      RetryOptions: { DurationInSeconds: 10 },
      S3BackupMode: 'AllData',
      S3Configuration: toS3({ Prefix: 'all/' }),
    },
  });
  assert.deepEqual(spec.destination, {
    ...{ kind: 'http', url: 'https://example.com/in', accessKey: 'hush', isGzip: true, retryMs: 10_000 },
    attributes: [['team', 'air']],
  });
  assert.deepEqual(spec.backup?.names, {
    ...{ kind: 'firehose', prefix: 'all/', extension: undefined, timeZone: 'UTC' },
  });
  const { body } = await bench.post('DescribeDeliveryStream', { DeliveryStreamName: 'flights' });
  assert.ok(!JSON.stringify(body).includes('hush'));
});

test('tables of Iceberg lie where their warehouse is', async () => {
  const bench = await FirehoseBench.start();
  const { destination } = await specOf(bench, {
    IcebergDestinationConfiguration: {
      RoleARN: role,
      CatalogConfiguration: {
        CatalogARN: `arn:aws:glue:${region}:${account}:catalog`,
        WarehouseLocation: 's3://lake/tables/',
      },
      DestinationTableConfigurationList: [
        {
          DestinationDatabaseName: 'air',
          DestinationTableName: 'flights',
          PartitionSpec: { Identity: [{ SourceName: 'carrier' }] },
        },
      ],
      TableCreationConfiguration: { Enabled: true },
      S3Configuration: toS3({}),
    },
  });
  assert.deepEqual(destination.kind === 'iceberg' && destination.tables, [
    {
      catalog: { kind: 'bucket', bucket: 'lake', prefix: 'tables' },
      ...{ namespace: 'air', table: 'flights', schema: undefined, creates: 'if missing' },
      partition: { column: 'carrier', transform: 'identity' },
    },
  ]);
});
