import type {
  CatalogTable,
  Compression,
  DeliverySpec,
  IcebergTableSpec,
  JsonReading,
  LambdaStage,
  ObjectForm,
  ObjectTarget,
  RecordStages,
} from '../../../delivery/delivery-spec.ts';
import type { DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import type { CatalogSpec } from '../../../iceberg/catalog-spec.ts';
import { isConverted } from './conversion.ts';
import type {
  Destination,
  ExtendedS3Description,
  HttpDescription,
  IcebergDescription,
  S3Description,
} from './destination.ts';
import { type Processing, parameterOf, processorOf, queryIn } from './processors.ts';

/** What of a spec the server's own settings say. */
export type SpecSettings = {
  /** The catalog of a warehouse's tables. */
  readonly catalogOf: (warehouse: Warehouse) => CatalogSpec;
};

/** Where the tables of a destination lie. */
export type Warehouse = {
  /** The name of a table bucket, where the destination's catalog is one's. */
  readonly tableBucket: string | undefined;
  /** `WarehouseLocation`, where there is one: `s3://bucket/prefix`. */
  readonly location: string | undefined;
  /** Of the location; the bucket of errors where there is none. */
  readonly bucket: string;
  readonly prefix: string;
};

type DestinationParts = Pick<
  DeliverySpec,
  'buffering' | 'stages' | 'lambda' | 'destination' | 'backup' | 'errors'
>;

/** What of a delivery follows from its destination. */
export function specOfDestination(
  of: DeliveryStreamRecord,
  destination: Destination,
  settings: SpecSettings,
): DestinationParts {
  switch (destination.kind) {
    case 'extended-s3':
      return specOfS3(of, destination.described);
    case 'http':
      return specOfHttp(of, destination.described, destination.secret);
    case 'iceberg':
      return specOfIceberg(of, destination.described, settings);
  }
}

function specOfS3(of: DeliveryStreamRecord, described: ExtendedS3Description): DestinationParts {
  const { CustomTimeZone, FileExtension, S3BackupDescription: backup, ProcessingConfiguration } = described;
  const naming = { timeZone: CustomTimeZone || 'UTC', extension: FileExtension || undefined };
  const target = targetOf(described, described.Prefix, naming);
  const isPartitioned = described.DynamicPartitioningConfiguration?.Enabled === true;
  return {
    buffering: bufferingOf(described.BufferingHints),
    stages: stagesOf(of, ProcessingConfiguration, isPartitioned),
    lambda: lambdaOf(ProcessingConfiguration, described.RoleARN),
    destination: { kind: 's3', target, form: formOf(of, described) },
    backup: described.S3BackupMode === 'Enabled' && backup ? targetOf(backup, backup.Prefix) : undefined,
    errors: errorsOf(described, naming.timeZone),
  };
}

function specOfHttp(
  of: DeliveryStreamRecord,
  described: HttpDescription,
  accessKey: string | undefined,
): DestinationParts {
  const { RequestConfiguration: request, ProcessingConfiguration: processing } = described;
  const s3 = described.S3DestinationDescription!;
  const attributes = request?.CommonAttributes ?? [];
  return {
    buffering: bufferingOf(described.BufferingHints),
    stages: stagesOf(of, processing, false),
    lambda: lambdaOf(processing, described.RoleARN ?? s3.RoleARN),
    destination: {
      kind: 'http',
      url: described.EndpointConfiguration!.Url!,
      accessKey,
      attributes: attributes.map(({ AttributeName, AttributeValue }) => [AttributeName, AttributeValue]),
      isGzip: request?.ContentEncoding === 'GZIP',
      retryMs: secondsOf(described.RetryOptions),
    },
    backup: described.S3BackupMode === 'AllData' ? targetOf(s3, s3.Prefix) : undefined,
    errors: errorsOf(s3),
  };
}

function specOfIceberg(
  of: DeliveryStreamRecord,
  described: IcebergDescription,
  settings: SpecSettings,
): DestinationParts {
  const { DestinationTableConfigurationList: tables = [], ProcessingConfiguration: processing } = described;
  const s3 = described.S3DestinationDescription!;
  const catalog = settings.catalogOf(warehouseOf(described, s3));
  const creates = described.TableCreationConfiguration?.Enabled === true ? 'if missing' : 'never';
  return {
    buffering: bufferingOf(described.BufferingHints),
    stages: stagesOf(of, processing, queryIn(processing) !== undefined),
    lambda: lambdaOf(processing, described.RoleARN),
    destination: {
      kind: 'iceberg',
      tables: tables.map((table): IcebergTableSpec => {
        const [identity] = table.PartitionSpec?.Identity ?? [];
        return {
          catalog,
          namespace: table.DestinationDatabaseName,
          table: table.DestinationTableName,
          schema: undefined,
          partition: identity && { column: identity.SourceName, transform: 'identity' },
          creates,
        };
      }),
      compression: 'SNAPPY',
      retryMs: secondsOf(described.RetryOptions),
      reading: plainJson,
    },
    errors: errorsOf(s3),
  };
}

function warehouseOf({ CatalogConfiguration: catalog }: IcebergDescription, s3: S3Description): Warehouse {
  const location = catalog?.WarehouseLocation;
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(location ?? '') ?? [];
  const tableBucket = /:catalog\/s3tablescatalog\/([^/]+)$/.exec(catalog?.CatalogARN ?? '')?.[1];
  return {
    ...{ tableBucket, location },
    bucket: bucket ?? tableBucket ?? bucketOf(s3),
    prefix: prefix.replace(/\/$/, ''),
  };
}

function bufferingOf(hints: { SizeInMBs?: number; IntervalInSeconds?: number } | undefined) {
  const { SizeInMBs = 5, IntervalInSeconds = 300 } = hints ?? {};
  return { bytes: SizeInMBs * 1024 * 1024, ms: Math.max(IntervalInSeconds * 1000, soonestMs) };
}

/** An interval of 0 is "as soon as it can be": AWS says within 5 seconds ("Zero buffering"). */
const soonestMs = 1_000;

function secondsOf({ DurationInSeconds = 300 }: { DurationInSeconds?: number } = {}): number {
  return DurationInSeconds * 1000;
}

function stagesOf(
  of: DeliveryStreamRecord,
  processing: Processing | undefined,
  isPartitioned: boolean,
): RecordStages {
  const splitting = processorOf(processing, 'RecordDeAggregation');
  const logs = processorOf(processing, 'CloudWatchLogProcessing');
  const decompresses = processorOf(processing, 'Decompression') !== undefined;
  const takesMessages = /^true$/i.test(parameterOf(logs, 'DataMessageExtraction') ?? '');
  return {
    takesKplApart: of.source !== undefined,
    isSchemaRegistry: false,
    decompresses,
    cloudWatchLogs: decompresses ? (takesMessages ? 'messages' : 'whole') : undefined,
    deaggregation:
      parameterOf(splitting, 'SubRecordType') === 'DELIMITED'
        ? { kind: 'DELIMITED', delimiter: parameterOf(splitting, 'Delimiter')! }
        : splitting && { kind: 'JSON' },
    partitioning: isPartitioned ? { query: queryIn(processing), activeMax: partitionsMax } : undefined,
    delimiter: delimiterOf(processing),
  };
}

/** AWS's quota for one delivery stream (Firehose developer guide, "Quota"). */
const partitionsMax = 500;

/** In base64. The parameter is text in which `\n` is a new line, which it also is where it is not said. */
function delimiterOf(processing: Processing | undefined): string | undefined {
  const processor = processorOf(processing, 'AppendDelimiterToRecord');
  if (processor === undefined) return undefined;
  const text = parameterOf(processor, 'Delimiter') ?? '\\n';
  const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };
  const plain = text.replace(/\\([nrt\\])/g, (_, letter: string) => escapes[letter]!);
  return Buffer.from(plain).toString('base64');
}

function lambdaOf(processing: Processing | undefined, role: string | undefined): LambdaStage | undefined {
  const processor = processorOf(processing, 'Lambda');
  if (processor === undefined) return undefined;
  const numberOf = (name: 'NumberOfRetries' | 'BufferSizeInMBs' | 'BufferIntervalInSeconds', usual: number) =>
    Number(parameterOf(processor, name) ?? usual);
  return {
    functionArn: parameterOf(processor, 'LambdaArn')!,
    role: parameterOf(processor, 'RoleArn') ?? role ?? '',
    retries: numberOf('NumberOfRetries', 3),
    buffering: {
      bytes: Math.floor(numberOf('BufferSizeInMBs', 1) * 1024 * 1024),
      ms: numberOf('BufferIntervalInSeconds', 60) * 1000,
    },
  };
}

function formOf(of: DeliveryStreamRecord, described: ExtendedS3Description): ObjectForm {
  const { DataFormatConversionConfiguration: conversion, CompressionFormat } = described;
  const { schema } = of.destination;
  if (!isConverted(conversion) || schema === undefined) {
    return { kind: 'text', compression: compressions[CompressionFormat] };
  }
  const serializer = conversion.OutputFormatConfiguration?.Serializer?.ParquetSerDe;
  const { Compression: compression = 'SNAPPY', BlockSizeBytes, PageSizeBytes } = serializer ?? {};
  const plain = compression === 'UNCOMPRESSED' ? 'NONE' : compression;
  const sizes = { blockBytes: BlockSizeBytes, pageBytes: PageSizeBytes };
  const catalogTable = catalogTableOf(of, conversion);
  return {
    kind: 'parquet',
    schema,
    compression: plain,
    ...sizes,
    catalogTable,
    reading: readingOf(conversion),
  };
}

type Conversion = NonNullable<ExtendedS3Description['DataFormatConversionConfiguration']>;

/** With what stands for what was not said (Firehose API reference, SchemaConfiguration). */
function catalogTableOf(
  { account, region }: DeliveryStreamRecord,
  { SchemaConfiguration: schema }: Conversion,
): CatalogTable {
  return {
    catalogId: schema?.CatalogId ?? account,
    databaseName: schema?.DatabaseName ?? '',
    tableName: schema?.TableName ?? '',
    region: schema?.Region ?? region,
    versionId: schema?.VersionId ?? 'LATEST',
  };
}

/** The defaults are AWS's (Firehose API reference, OpenXJsonSerDe). */
function readingOf({ InputFormatConfiguration: input }: Conversion): JsonReading {
  const { OpenXJsonSerDe: openX, HiveJsonSerDe: hive } = input?.Deserializer ?? {};
  const mappings = Object.entries(openX?.ColumnToJsonKeyMappings ?? {});
  return {
    serde: hive === undefined ? 'openx' : 'hive',
    isCaseInsensitive: openX === undefined ? true : (openX.CaseInsensitive ?? true),
    columnOfKey: Object.fromEntries(mappings.map(([column, key]) => [key, column])),
    dotsBecomeUnderscores: openX?.ConvertDotsInJsonKeysToUnderscores ?? false,
    timestampFormats: hive?.TimestampFormats ?? [],
  };
}

const plainJson: JsonReading = {
  isCaseInsensitive: true,
  columnOfKey: {},
  dotsBecomeUnderscores: false,
  timestampFormats: [],
};

type Naming = { readonly timeZone: string; readonly extension?: string | undefined };
const usualNaming: Naming = { timeZone: 'UTC' };

function targetOf(
  described: S3Description,
  prefix = '',
  { timeZone, extension }: Naming = usualNaming,
): ObjectTarget {
  return {
    bucket: bucketOf(described),
    names: { kind: 'firehose', prefix, extension, timeZone },
    compression: compressions[described.CompressionFormat],
    kmsKeyArn: described.EncryptionConfiguration.KMSEncryptionConfig?.AWSKMSKeyARN,
  };
}

/** Without a prefix for errors they are below that of all else: it has no expressions then. */
function errorsOf(described: S3Description, timeZone = 'UTC'): ObjectTarget {
  const prefix = described.ErrorOutputPrefix || described.Prefix;
  return { ...targetOf(described, prefix, { timeZone }), compression: 'NONE' };
}

/** `arn:aws:s3:::NAME` */
function bucketOf({ BucketARN }: S3Description): string {
  return BucketARN.slice(BucketARN.lastIndexOf(':') + 1);
}

const compressions: Readonly<Record<S3Description['CompressionFormat'], Compression>> = {
  UNCOMPRESSED: 'NONE',
  GZIP: 'GZIP',
  ZIP: 'ZIP',
  Snappy: 'SNAPPY',
  HADOOP_SNAPPY: 'HADOOP_SNAPPY',
};
