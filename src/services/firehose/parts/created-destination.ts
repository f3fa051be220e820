import type { StreamAddress } from '../../../kinesis/arn.ts';
import { invalidArgument, unserved } from '../errors.ts';
import type { CreateInput } from '../shapes/create-shapes.ts';
import type { OpenedFirehose } from '../world.ts';
import type { Destination } from './destination.ts';
import { createdExtendedS3 } from './extended-s3-destination.ts';

/** The destination that a request asks for, with its defaults. Rejects with what is wrong with it. */
export async function createdDestination(
  opened: OpenedFirehose,
  request: CreateInput,
  address: StreamAddress,
): Promise<Destination> {
  for (const [member, name] of Object.entries(unservedDestinations)) {
    if (member in request) throw unserved(`${name} as a destination`);
  }
  const { S3DestinationConfiguration: s3, ExtendedS3DestinationConfiguration: extended } = request;
  const { HttpEndpointDestinationConfiguration: http, IcebergDestinationConfiguration: iceberg } = request;
  const given = [s3, extended, http, iceberg].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw invalidArgument('Exactly one destination configuration is supported for a Firehose');
  }
  const described = await createdExtendedS3(opened, extended ?? s3!, address);
  return { kind: 'extended-s3', described };
}

/** AWS's other destinations, by their member of a request. */
const unservedDestinations = {
  RedshiftDestinationConfiguration: 'Amazon Redshift',
  ElasticsearchDestinationConfiguration: 'Amazon Elasticsearch Service',
  AmazonopensearchserviceDestinationConfiguration: 'Amazon OpenSearch Service',
  SplunkDestinationConfiguration: 'Splunk',
  AmazonOpenSearchServerlessDestinationConfiguration: 'Amazon OpenSearch Serverless',
  SnowflakeDestinationConfiguration: 'Snowflake',
} as const;
