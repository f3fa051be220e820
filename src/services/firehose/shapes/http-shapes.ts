import { boolean, integer, list, required, sensitive, string, structure } from '../../../wire/shape.ts';
import { processingConfiguration } from './processing-shapes.ts';
import {
  cloudWatchLoggingOptions,
  s3DestinationConfiguration,
  s3DestinationDescription,
  s3DestinationUpdate,
} from './s3-shapes.ts';
import { roleArn } from './stream-shapes.ts';

/**
 * AWS demands https: here endpoints are on the user's own network, so http is one as well, and the pattern is
 * the only thing of the model that is wider here.
 */
const url = sensitive(string({ min: 1, max: 1000, pattern: 'https?://.*' }));
const endpointName = string({ min: 1, max: 256, pattern: '.*\\S.*' });

const endpointConfiguration = structure('HttpEndpointConfiguration', {
  Url: required(url),
  Name: endpointName,
  AccessKey: sensitive(string({ min: 0, max: 4096, pattern: '.*' })),
});

const endpointDescription = structure('HttpEndpointDescription', { Url: url, Name: endpointName });

const commonAttribute = structure('HttpEndpointCommonAttribute', {
  AttributeName: required(sensitive(string({ min: 1, max: 256, pattern: '.*\\S.*' }))),
  AttributeValue: required(sensitive(string({ min: 0, max: 1024, pattern: '.*' }))),
});

const members = {
  BufferingHints: structure('HttpEndpointBufferingHints', {
    SizeInMBs: integer({ min: 1, max: 64 }),
    IntervalInSeconds: integer({ min: 0, max: 900 }),
  }),
  CloudWatchLoggingOptions: cloudWatchLoggingOptions,
  RequestConfiguration: structure('HttpEndpointRequestConfiguration', {
    ContentEncoding: string({ values: ['NONE', 'GZIP'] }),
    CommonAttributes: list(commonAttribute, { min: 0, max: 50 }),
  }),
  ProcessingConfiguration: processingConfiguration,
  RoleARN: roleArn,
  RetryOptions: structure('HttpEndpointRetryOptions', { DurationInSeconds: integer({ min: 0, max: 7200 }) }),
  S3BackupMode: string({ values: ['FailedDataOnly', 'AllData'] }),
  SecretsManagerConfiguration: structure('SecretsManagerConfiguration', {
    SecretARN: string({
      min: 1,
      max: 2048,
      pattern: 'arn:.*:secretsmanager:[a-zA-Z0-9\\-]+:\\d{12}:secret:[a-zA-Z0-9\\-/_+=.@!]+',
    }),
    RoleARN: roleArn,
    Enabled: required(boolean()),
  }),
};

export const httpDestinationConfiguration = structure('HttpEndpointDestinationConfiguration', {
  EndpointConfiguration: required(endpointConfiguration),
  ...members,
  S3Configuration: required(s3DestinationConfiguration),
});

export const httpDestinationUpdate = structure('HttpEndpointDestinationUpdate', {
  EndpointConfiguration: endpointConfiguration,
  ...members,
  S3Update: s3DestinationUpdate,
});

export const httpDestinationDescription = structure('HttpEndpointDestinationDescription', {
  EndpointConfiguration: endpointDescription,
  ...members,
  S3DestinationDescription: s3DestinationDescription,
});
