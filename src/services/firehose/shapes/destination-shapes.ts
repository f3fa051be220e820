import { list, required, structure } from '../../../wire/shape.ts';
import {
  httpDestinationConfiguration,
  httpDestinationDescription,
  httpDestinationUpdate,
} from './http-shapes.ts';
import {
  icebergDestinationConfiguration,
  icebergDestinationDescription,
  icebergDestinationUpdate,
} from './iceberg-shapes.ts';
import {
  extendedS3DestinationConfiguration,
  extendedS3DestinationDescription,
  extendedS3DestinationUpdate,
  s3DestinationConfiguration,
  s3DestinationDescription,
  s3DestinationUpdate,
} from './s3-shapes.ts';
import { destinationId } from './stream-shapes.ts';

/** Where records can be delivered to. */
export const destinationConfigurations = {
  S3DestinationConfiguration: s3DestinationConfiguration,
  ExtendedS3DestinationConfiguration: extendedS3DestinationConfiguration,
  HttpEndpointDestinationConfiguration: httpDestinationConfiguration,
  IcebergDestinationConfiguration: icebergDestinationConfiguration,
};

export const destinationUpdates = {
  S3DestinationUpdate: s3DestinationUpdate,
  ExtendedS3DestinationUpdate: extendedS3DestinationUpdate,
  HttpEndpointDestinationUpdate: httpDestinationUpdate,
  IcebergDestinationUpdate: icebergDestinationUpdate,
};

/** AWS's other destinations, whose configurations are looked at only to refuse them by name. */
export const unservedConfigurations = {
  RedshiftDestinationConfiguration: structure('RedshiftDestinationConfiguration', {}),
  ElasticsearchDestinationConfiguration: structure('ElasticsearchDestinationConfiguration', {}),
  AmazonopensearchserviceDestinationConfiguration: structure(
    'AmazonopensearchserviceDestinationConfiguration',
    {},
  ),
  SplunkDestinationConfiguration: structure('SplunkDestinationConfiguration', {}),
  AmazonOpenSearchServerlessDestinationConfiguration: structure(
    'AmazonOpenSearchServerlessDestinationConfiguration',
    {},
  ),
  SnowflakeDestinationConfiguration: structure('SnowflakeDestinationConfiguration', {}),
};

export const unservedUpdates = {
  RedshiftDestinationUpdate: structure('RedshiftDestinationUpdate', {}),
  ElasticsearchDestinationUpdate: structure('ElasticsearchDestinationUpdate', {}),
  AmazonopensearchserviceDestinationUpdate: structure('AmazonopensearchserviceDestinationUpdate', {}),
  SplunkDestinationUpdate: structure('SplunkDestinationUpdate', {}),
  AmazonOpenSearchServerlessDestinationUpdate: structure('AmazonOpenSearchServerlessDestinationUpdate', {}),
  SnowflakeDestinationUpdate: structure('SnowflakeDestinationUpdate', {}),
};

/** AWS's other sources. */
export const unservedSources = {
  MSKSourceConfiguration: structure('MSKSourceConfiguration', {}),
  DatabaseSourceConfiguration: structure('DatabaseSourceConfiguration', {}),
};

/** What kinds of destinations there are, by their member of a description. */
const destinationDescription = structure('DestinationDescription', {
  DestinationId: required(destinationId),
  S3DestinationDescription: s3DestinationDescription,
  ExtendedS3DestinationDescription: extendedS3DestinationDescription,
  HttpEndpointDestinationDescription: httpDestinationDescription,
  IcebergDestinationDescription: icebergDestinationDescription,
});

export const destinationDescriptions = list(destinationDescription);
