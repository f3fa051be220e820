import type { Caller } from '../../../access/caller.ts';
import { parseKeyName } from '../../../access/keys/key-arn.ts';
import { kinesisAlias } from '../../../access/keys/new-key.ts';
import { parseArn } from '../../../kinesis/arn.ts';
import type { Channel, ChannelDestination, ChannelRecords } from '../../../kinesis/channel.ts';
import { required, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import {
  channelEncryption,
  channelLogging,
  channelName,
  s3Destination,
  serviceRoleArn,
  streamConfigurations,
  tablesDestination,
} from './channel-shapes.ts';
import { type KnownNames, troubleOfPath, troubleOfTemplate } from './key-template.ts';
import type { Quotas } from './quota.ts';
import { tagMap } from './shapes.ts';

export const createChannelInput = structure('CreateChannelInput', {
  ChannelName: required(channelName),
  ServiceExecutionRoleARN: required(serviceRoleArn),
  StreamConfigurationList: required(streamConfigurations),
  S3DestinationConfiguration: s3Destination,
  S3TablesDestinationConfiguration: tablesDestination,
  EncryptionConfiguration: channelEncryption,
  Tags: tagMap,
  LoggingConfiguration: channelLogging,
});

export type ChannelRequest = TypeOf<typeof createChannelInput>;

/** What of a channel follows from the request alone, with AWS's defaults. */
export type RequestedChannel = Pick<
  Channel,
  'destination' | 'deadLetters' | 'freshnessSeconds' | 'records' | 'logging'
>;

/** InvalidArgumentException for a request in which one thing does not go with another. */
export function requestedChannel(
  request: ChannelRequest,
  names: KnownNames,
  caller: Caller,
  quotas: Quotas,
): RequestedChannel {
  const records = recordsOf(request, caller);
  const isTable = request.S3TablesDestinationConfiguration !== undefined;
  const { S3DestinationConfiguration: s3, S3TablesDestinationConfiguration: tables } = request;
  if ((s3 === undefined) === (tables === undefined)) {
    throw invalidArgument(
      'Either S3DestinationConfiguration or S3TablesDestinationConfiguration must be specified, but not both.',
    );
  }
  requireFitting(records, isTable);
  const destination = s3 === undefined ? tableOf(tables!, caller) : bucketOf(s3, names);
  const common = s3 ?? tables!;
  const freshnessSeconds = common.DataFreshnessInSeconds ?? freshnessDefaultSeconds;
  quotas.requireFreshness(freshnessSeconds);
  return {
    ...{ destination, freshnessSeconds, records },
    deadLetters: deadLettersOf(common.DeadLetterQueueS3Configuration, destination, names),
    logging: loggingOf(request.LoggingConfiguration, names),
  };
}

/** API reference, S3DestinationConfiguration. */
const freshnessDefaultSeconds = 300;

/** The one stream of a request (API reference, CreateChannel: "Currently, one stream is supported"). */
export function streamArnOf({ StreamConfigurationList: streams }: ChannelRequest): string {
  if (streams.length > 1) throw invalidArgument('StreamConfigurationList must have exactly one stream.');
  return streams[0]!.StreamARN;
}

function recordsOf({ StreamConfigurationList: streams }: ChannelRequest, caller: Caller): ChannelRecords {
  const { RecordFormatType: format, GSRSchemaARN: schemaArn } = streams[0]!.RecordConfiguration;
  if (schemaArn !== undefined) requireOwn('GSRSchemaARN', schemaArn, caller);
  return schemaArn === undefined ? { format } : { format, schemaArn };
}

/** Which formats go where: API reference, RecordConfiguration. */
function requireFitting({ format, schemaArn }: ChannelRecords, isTable: boolean): void {
  if (isTable && (format === 'STRING' || format === 'BYTE_ARRAY')) {
    throw invalidArgument(
      `RecordFormatType ${format} is supported only for general purpose Amazon S3 destinations.`,
    );
  }
  if (isTable) return;
  if (format === 'GSR_JSON') {
    throw invalidArgument('RecordFormatType GSR_JSON is supported only for streaming table destinations.');
  }
  if (schemaArn !== undefined) {
    throw invalidArgument('GSRSchemaARN is supported only for streaming table destinations.');
  }
}

/**
 * Streams, tables and schemas are in one account and region (developer guide, "Delivery quotas and limits").
 */
function requireOwn(member: string, arn: string, { account, region }: Caller): void {
  const parsed = parseArn(arn);
  if (parsed?.account === account && parsed.region === region) return;
  throw invalidArgument(`${member} ${arn} must be in the account and the Region of the stream.`);
}

/** The default is the developer guide's, "S3 output key template for Amazon S3 delivery". */
const defaultTemplate =
  'kinesis-channel/!{channel-name}/!{channel-id}/!{yyyy}/!{MM}/!{dd}/!{HH}/' +
  '!{channel-name}-!{channel-id}-!{yyyy}-!{MM}-!{dd}-!{HH}-!{mm}!{extension}';

function bucketOf(
  { StorageConfiguration }: TypeOf<typeof s3Destination>,
  names: KnownNames,
): ChannelDestination {
  const {
    BucketARN: bucketArn,
    ExpectedBucketOwner: owner,
    CompressionType: compression,
    StorageClass: storageClass = 'STANDARD',
    OutputKeyTemplate: keyTemplate = defaultTemplate,
  } = StorageConfiguration;
  const trouble = troubleOfTemplate(keyTemplate, names, compression !== 'NONE');
  if (trouble !== undefined)
    throw invalidArgument(`OutputKeyTemplate ${keyTemplate} is not valid: ${trouble}.`);
  return { kind: 'S3', bucketArn, owner, compression, storageClass, keyTemplate };
}

function tableOf(
  { S3TablesConfigurationList: all }: TypeOf<typeof tablesDestination>,
  caller: Caller,
): ChannelDestination {
  const [first, second] = all;
  if (second !== undefined) throw invalidArgument('S3TablesConfigurationList must have exactly one table.');
  const { TableBucketARN: tableBucketArn, Namespace: namespace, TableName: table } = first!;
  requireOwn('TableBucketARN', tableBucketArn, caller);
  const fields = first!.PartitionSpec?.PartitionFields ?? [];
  if (fields.length > 1) throw invalidArgument('PartitionFields must have exactly one field.');
  const hourOf = fields[0]?.SourceName;
  const compression = first!.CompressionType;
  const configured = { kind: 'S3_TABLES', tableBucketArn, namespace, table, compression } as const;
  return hourOf === undefined ? configured : { ...configured, hourOf };
}

function deadLettersOf(
  given: TypeOf<typeof s3Destination>['DeadLetterQueueS3Configuration'],
  destination: ChannelDestination,
  { channelName, channelId }: KnownNames,
): Channel['deadLetters'] {
  const prefix = given?.ErrorOutputPrefix ?? `kinesis-channel/errors/${channelName}/${channelId}/`;
  const trouble = troubleOfPath(prefix);
  if (trouble !== undefined) throw invalidArgument(`ErrorOutputPrefix ${prefix} is not valid: ${trouble}.`);
  if (given !== undefined) return { bucketArn: given.BucketARN, owner: given.ExpectedBucketOwner, prefix };
  if (destination.kind === 'S3') {
    return { bucketArn: destination.bucketArn, owner: destination.owner, prefix };
  }
  throw invalidArgument('DeadLetterQueueS3Configuration is required for streaming table destinations.');
}

/** The defaults are the API reference's, CloudWatchLogs. */
function loggingOf(
  given: ChannelRequest['LoggingConfiguration'],
  { channelName, channelId }: KnownNames,
): Channel['logging'] {
  const { Enabled = false, LogGroupName, LogStreamName } = given?.CloudWatchLogs ?? {};
  return {
    isOn: Enabled,
    group: LogGroupName ?? `/aws/kinesis/${channelName}/${channelId}`,
    stream: LogStreamName ?? 'DestinationDelivery',
  };
}

/** Refuses Kinesis's own key, which only its streams are encrypted with. */
export function requireCustomerKey(keyId: string, caller: Caller): void {
  const name = parseKeyName(keyId, caller);
  if (name?.kind !== 'alias' || name.name !== kinesisAlias) return;
  throw invalidArgument(`${kinesisAlias} cannot be used to encrypt what a channel delivers.`);
}
