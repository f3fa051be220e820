import type { SchemaSource } from '../../../delivery/schema/schema-source.ts';
import type { DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { invalidArgument, unserved } from '../errors.ts';
import type { CreateInput } from '../shapes/create-shapes.ts';
import type { OpenedFirehose } from '../world.ts';
import { isConverted, schemaOf } from './conversion.ts';
import type { Destination } from './destination.ts';
import { describeExtendedS3 } from './extended-s3-destination.ts';
import { describeHttp } from './http-destination.ts';
import { describeIceberg } from './iceberg-destination.ts';

/** The destination that a request asks for, with its defaults. Throws what is wrong with it. */
export function createdDestination(request: CreateInput): Destination {
  refuseByName(request, 'Configuration');
  const { S3DestinationConfiguration: s3, ExtendedS3DestinationConfiguration: extended } = request;
  const { HttpEndpointDestinationConfiguration: http, IcebergDestinationConfiguration: iceberg } = request;
  const given = [s3, extended, http, iceberg].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw invalidArgument('Exactly one destination configuration is supported for a Firehose');
  }
  if (http !== undefined) return { kind: 'http', ...describeHttp(http) };
  if (iceberg !== undefined) return { kind: 'iceberg', described: describeIceberg(iceberg) };
  return { kind: 'extended-s3', described: describeExtendedS3(extended ?? s3!) };
}

/** Refuses what is not delivered to: `form` is how the members of the request end. */
export function refuseByName(request: object, form: 'Configuration' | 'Update'): void {
  for (const [member, name] of unservedDestinations) {
    if (`${member}Destination${form}` in request) throw unserved(`${name} as a destination`);
  }
}

const unservedDestinations = [
  ['Redshift', 'Amazon Redshift'],
  ['Elasticsearch', 'Amazon Elasticsearch Service'],
  ['Amazonopensearchservice', 'Amazon OpenSearch Service'],
  ['Splunk', 'Splunk'],
  ['AmazonOpenSearchServerless', 'Amazon OpenSearch Serverless'],
  ['Snowflake', 'Snowflake'],
] as const;

/**
 * Throws AccessDeniedException where this server delivers nothing to a destination's URL: at creation and
 * with each change, though the server may be started otherwise later.
 */
export function requireReached(
  { endpointRefusal }: Pick<OpenedFirehose, 'endpointRefusal'>,
  destination: Destination,
): void {
  if (destination.kind !== 'http') return;
  const refusal = endpointRefusal(destination.described.EndpointConfiguration!.Url!);
  if (refusal !== undefined) throw new ServiceError('AccessDeniedException', refusal, 403);
}

/** A destination as it is kept: with the columns that its conversion names, where it has one. */
export async function keptDestination(
  destination: Destination,
  schemas: Pick<SchemaSource, 'columnsOf'> | undefined,
  address: StreamAddress,
): Promise<DeliveryStreamRecord['destination']> {
  if (destination.kind !== 'extended-s3') return destination;
  const { DataFormatConversionConfiguration: conversion } = destination.described;
  if (!isConverted(conversion)) return destination;
  return { ...destination, schema: await schemaOf(conversion, schemas, address) };
}
