import type { Door } from './flight-producer.ts';

/** What records are put to: a delivery stream, a stream that is split and merged, or one on demand. */
export type SourceName = 'direct' | 'stream' | 'demand';

/** One of each kind of delivery that there is, and what it reads. */
export type TorturedDelivery = {
  readonly name: string;
  readonly source: SourceName;
  /** Where in the bucket its objects are; of a table its folder. */
  readonly folder: string;
  readonly form: 'lines' | 'parquet' | 'table';
  /** Poison cannot be delivered as what it is to be, and goes to the errors. */
  readonly refusesPoison: boolean;
  /** Of Firehose, or of Kinesis where it is a channel. */
  readonly creation: { readonly of: 'firehose' | 'channel'; readonly input: object };
};

export const bucket = 'lake';
const account = '000000000000';
const role = `arn:aws:iam::${account}:role/tortured`;
const BucketARN = `arn:aws:s3:::${bucket}`;
/** A chunk ends after a second, the shortest time that there is: many of them are under way at a kill. */
const soon = { IntervalInSeconds: 0 };
const columns = 'struct<id:string,origin:string,delay:int,distance:bigint>';

export function errorFolderOf(name: string): string {
  return `errors/${name}/`;
}

function firehose(name: string, source: SourceName, extended: object): TorturedDelivery['creation'] {
  const KinesisStreamSourceConfiguration = { KinesisStreamARN: streamArnOf(source), RoleARN: role };
  return {
    of: 'firehose',
    input: {
      DeliveryStreamName: name,
      ...(source === 'direct'
        ? { DeliveryStreamType: 'DirectPut' }
        : { DeliveryStreamType: 'KinesisStreamAsSource', KinesisStreamSourceConfiguration }),
      ExtendedS3DestinationConfiguration: {
        ...{ RoleARN: role, BucketARN, Prefix: `${name}/` },
        ErrorOutputPrefix: `${errorFolderOf(name)}!{firehose:error-output-type}/`,
        ...extended,
      },
    },
  };
}

function processing(...processors: readonly (readonly [type: string, parameters: object])[]) {
  return {
    Enabled: true,
    Processors: processors.map(([Type, named]) => ({
      Type,
      Parameters: Object.entries(named).map(([ParameterName, ParameterValue]) => {
        return { ParameterName, ParameterValue };
      }),
    })),
  };
}

function channel(name: string, destination: object): TorturedDelivery['creation'] {
  const stream = { StreamARN: streamArnOf('demand'), RecordConfiguration: { RecordFormatType: 'JSON' } };
  const input = { ChannelName: name, ServiceExecutionRoleARN: role, StreamConfigurationList: [stream] };
  return { of: 'channel', input: { ...input, ...destination } };
}

const errorsOf = (name: string) => {
  return { BucketARN, ExpectedBucketOwner: account, ErrorOutputPrefix: errorFolderOf(name) };
};

export const deliveries: readonly TorturedDelivery[] = [
  {
    ...{ name: 'text', source: 'direct', folder: 'text/', form: 'lines', refusesPoison: false },
    creation: firehose('text', 'direct', {
      BufferingHints: { SizeInMBs: 1, ...soon },
      CompressionFormat: 'GZIP',
      ProcessingConfiguration: processing(['AppendDelimiterToRecord', { Delimiter: '\\n' }]),
    }),
  },
  {
    ...{ name: 'parts', source: 'stream', folder: 'parts/', form: 'lines', refusesPoison: true },
    creation: firehose('parts', 'stream', {
      BufferingHints: { SizeInMBs: 64, ...soon },
      CompressionFormat: 'GZIP',
      Prefix: 'parts/origin=!{partitionKeyFromQuery:origin}/',
      DynamicPartitioningConfiguration: { Enabled: true },
      ProcessingConfiguration: processing(
        ['MetadataExtraction', { MetadataExtractionQuery: '{origin: .origin}', JsonParsingEngine: 'JQ-1.6' }],
        ['AppendDelimiterToRecord', { Delimiter: '\\n' }],
      ),
    }),
  },
  {
    ...{ name: 'columns', source: 'stream', folder: 'columns/', form: 'parquet', refusesPoison: true },
    creation: firehose('columns', 'stream', {
      BufferingHints: { SizeInMBs: 64, ...soon },
      DataFormatConversionConfiguration: {
        SchemaConfiguration: { RoleARN: role, DatabaseName: 'inline', TableName: columns },
        InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
      },
    }),
  },
  {
    ...{ name: 'channel', source: 'demand', folder: 'channel/', form: 'lines', refusesPoison: true },
    creation: channel('channel', {
      S3DestinationConfiguration: {
        DataFreshnessInSeconds: 1,
        DeadLetterQueueS3Configuration: errorsOf('channel'),
        StorageConfiguration: {
          ...{ BucketARN, ExpectedBucketOwner: account, CompressionType: 'GZIP' },
          OutputKeyTemplate: 'channel/!{yyyy}/!{channel-name}!{extension:.json.gz}',
        },
      },
    }),
  },
  {
    ...{ name: 'table', source: 'demand', folder: 'air/flights/', form: 'table', refusesPoison: true },
    creation: channel('table', {
      S3TablesDestinationConfiguration: {
        DataFreshnessInSeconds: 1,
        DeadLetterQueueS3Configuration: errorsOf('table'),
        S3TablesConfigurationList: [
          {
            TableBucketARN: `arn:aws:s3tables:us-east-1:${account}:bucket/${bucket}`,
            ...{ Namespace: 'air', TableName: 'flights', CompressionType: 'SNAPPY' },
          },
        ],
      },
    }),
  },
];

export function streamArnOf(source: SourceName): string {
  return `arn:aws:kinesis:us-east-1:${account}:stream/${source}`;
}

/** PutRecordBatch to the delivery stream of direct puts, PutRecords to streams. */
export function doorOf(source: SourceName): Door {
  const data = (text: string) => Buffer.from(text).toString('base64');
  if (source === 'direct') {
    return {
      operation: 'PutRecordBatch',
      input: (texts) => ({
        DeliveryStreamName: 'text',
        Records: texts.map((text) => ({ Data: data(text) })),
      }),
      taken: (output) =>
        (output as BatchOutput).RequestResponses.map(({ RecordId }) => RecordId !== undefined),
    };
  }
  return {
    operation: 'PutRecords',
    input: (texts) => ({
      StreamName: source,
      Records: texts.map((text) => ({ PartitionKey: text.slice(0, 20), Data: data(text) })),
    }),
    taken: (output) =>
      (output as PutOutput).Records.map(({ SequenceNumber }) => SequenceNumber !== undefined),
  };
}

type BatchOutput = { readonly RequestResponses: readonly { readonly RecordId?: string }[] };
type PutOutput = { readonly Records: readonly { readonly SequenceNumber?: string }[] };
