import { boolean, list, required, string, structure } from '../../../wire/shape.ts';
import { processingConfiguration } from './processing-shapes.ts';
import {
  bufferingHints,
  cloudWatchLoggingOptions,
  errorOutputPrefix,
  retryOptions,
  s3DestinationConfiguration,
  s3DestinationDescription,
} from './s3-shapes.ts';
import { nonEmptyStringWithoutWhitespace, roleArn } from './stream-shapes.ts';

const tableName = string({ min: 1, max: 255, pattern: '[a-zA-Z0-9\\.\\_]+' });

const tableConfiguration = structure('DestinationTableConfiguration', {
  DestinationTableName: required(tableName),
  DestinationDatabaseName: required(tableName),
  UniqueKeys: list(nonEmptyStringWithoutWhitespace),
  PartitionSpec: structure('PartitionSpec', {
    Identity: list(structure('PartitionField', { SourceName: required(nonEmptyStringWithoutWhitespace) })),
  }),
  S3ErrorOutputPrefix: errorOutputPrefix,
});

const catalogConfiguration = structure('CatalogConfiguration', {
  CatalogARN: string({
    min: 1,
    max: 512,
    pattern: 'arn:.*:glue:.*:\\d{12}:catalog(?:(/[a-z0-9_-]+){1,2})?',
  }),
  WarehouseLocation: string({ min: 1, max: 2048, pattern: 's3://.*' }),
});

const members = {
  DestinationTableConfigurationList: list(tableConfiguration),
  SchemaEvolutionConfiguration: structure('SchemaEvolutionConfiguration', { Enabled: required(boolean()) }),
  TableCreationConfiguration: structure('TableCreationConfiguration', { Enabled: required(boolean()) }),
  BufferingHints: bufferingHints,
  CloudWatchLoggingOptions: cloudWatchLoggingOptions,
  ProcessingConfiguration: processingConfiguration,
  S3BackupMode: string({ values: ['FailedDataOnly', 'AllData'] }),
  RetryOptions: retryOptions,
  AppendOnly: boolean(),
};

export const icebergDestinationConfiguration = structure('IcebergDestinationConfiguration', {
  ...members,
  RoleARN: required(roleArn),
  CatalogConfiguration: required(catalogConfiguration),
  S3Configuration: required(s3DestinationConfiguration),
});

export const icebergDestinationUpdate = structure('IcebergDestinationUpdate', {
  ...members,
  RoleARN: roleArn,
  CatalogConfiguration: catalogConfiguration,
  S3Configuration: s3DestinationConfiguration,
});

export const icebergDestinationDescription = structure('IcebergDestinationDescription', {
  ...members,
  RoleARN: roleArn,
  CatalogConfiguration: catalogConfiguration,
  S3DestinationDescription: s3DestinationDescription,
});
