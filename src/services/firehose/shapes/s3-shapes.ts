import { boolean, integer, required, string, structure } from '../../../wire/shape.ts';
import { dataFormatConversionConfiguration } from './format-shapes.ts';
import { processingConfiguration } from './processing-shapes.ts';
import { keyArn, roleArn } from './stream-shapes.ts';

export const bucketArn = string({ min: 1, max: 2048, pattern: 'arn:.*:s3:::[\\w\\.\\-]{1,255}' });
const prefix = string({ min: 0, max: 1024, pattern: '.*' });
export const errorOutputPrefix = prefix;

export const bufferingHints = structure('BufferingHints', {
  SizeInMBs: integer({ min: 1, max: 128 }),
  IntervalInSeconds: integer({ min: 0, max: 900 }),
});

const compressionFormat = string({ values: ['UNCOMPRESSED', 'GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY'] });

const encryptionConfiguration = structure('EncryptionConfiguration', {
  NoEncryptionConfig: string({ values: ['NoEncryption'] }),
  KMSEncryptionConfig: structure('KMSEncryptionConfig', { AWSKMSKeyARN: required(keyArn) }),
});

export const cloudWatchLoggingOptions = structure('CloudWatchLoggingOptions', {
  Enabled: boolean(),
  LogGroupName: string({ min: 0, max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]*' }),
  LogStreamName: string({ min: 0, max: 512, pattern: '[^:*]*' }),
});

export const retryOptions = structure('RetryOptions', {
  DurationInSeconds: integer({ min: 0, max: 7200 }),
});

/** What all structures about objects in a bucket have, and none demands. */
const optional = {
  Prefix: prefix,
  ErrorOutputPrefix: errorOutputPrefix,
  CloudWatchLoggingOptions: cloudWatchLoggingOptions,
};

/** What descriptions always have. */
const defaulted = {
  BufferingHints: bufferingHints,
  CompressionFormat: compressionFormat,
  EncryptionConfiguration: encryptionConfiguration,
};

const placed = { RoleARN: required(roleArn), BucketARN: required(bucketArn) };

const described = {
  ...placed,
  ...optional,
  BufferingHints: required(bufferingHints),
  CompressionFormat: required(compressionFormat),
  EncryptionConfiguration: required(encryptionConfiguration),
};

export const s3DestinationConfiguration = structure('S3DestinationConfiguration', {
  ...placed,
  ...optional,
  ...defaulted,
});

export const s3DestinationUpdate = structure('S3DestinationUpdate', {
  RoleARN: roleArn,
  BucketARN: bucketArn,
  ...optional,
  ...defaulted,
});

export const s3DestinationDescription = structure('S3DestinationDescription', described);

/** What only the extended ones have. */
const extended = {
  ProcessingConfiguration: processingConfiguration,
  S3BackupMode: string({ values: ['Disabled', 'Enabled'] }),
  DataFormatConversionConfiguration: dataFormatConversionConfiguration,
  DynamicPartitioningConfiguration: structure('DynamicPartitioningConfiguration', {
    RetryOptions: retryOptions,
    Enabled: boolean(),
  }),
  FileExtension: string({ min: 0, max: 128, pattern: "(\\.[0-9a-z!\\-_.*'()]+)?" }),
  CustomTimeZone: string({ min: 0, max: 50, pattern: '[a-zA-Z/_]*' }),
};

export const extendedS3DestinationConfiguration = structure('ExtendedS3DestinationConfiguration', {
  ...placed,
  ...optional,
  ...defaulted,
  ...extended,
  S3BackupConfiguration: s3DestinationConfiguration,
});

export const extendedS3DestinationUpdate = structure('ExtendedS3DestinationUpdate', {
  RoleARN: roleArn,
  BucketARN: bucketArn,
  ...optional,
  ...defaulted,
  ...extended,
  S3BackupUpdate: s3DestinationUpdate,
});

export const extendedS3DestinationDescription = structure('ExtendedS3DestinationDescription', {
  ...described,
  ...extended,
  S3BackupDescription: s3DestinationDescription,
});
