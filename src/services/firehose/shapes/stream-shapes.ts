import { boolean, integer, list, required, string, structure, timestamp } from '../../../wire/shape.ts';

// The constraints are those of the service's model (botocore, firehose 2015-08-04).

export const deliveryStreamName = string({ min: 1, max: 64, pattern: '[a-zA-Z0-9_.-]+' });
export const deliveryStreamArn = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:firehose:[a-zA-Z0-9\\-]+:\\d{12}:deliverystream/[a-zA-Z0-9._-]+',
});
export const deliveryStreamType = string({
  values: ['DirectPut', 'KinesisStreamAsSource', 'MSKAsSource', 'DatabaseAsSource'],
});
export const versionId = string({ min: 1, max: 50, pattern: '[0-9]+' });
export const destinationId = string({ min: 1, max: 100, pattern: '[a-zA-Z0-9-]+' });
export const roleArn = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+',
});
export const keyArn = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:kms:[a-zA-Z0-9\\-]+:\\d{12}:(key|alias)/[a-zA-Z_0-9+=,.@\\-_/]+',
});
const streamArn = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:kinesis:[a-zA-Z0-9\\-]+:\\d{12}:stream/[a-zA-Z0-9_.-]+',
});

/** AWS's pattern looks ahead for a character that is not white space, and says the same. */
export const nonEmptyString = string({ min: 1, max: 1024, pattern: '.*\\S.*' });
export const nonEmptyStringWithoutWhitespace = string({ min: 1, max: 1024, pattern: '^\\S+$' });

export const directPutSourceConfiguration = structure('DirectPutSourceConfiguration', {
  ThroughputHintInMBs: required(integer({ min: 1, max: 100 })),
});

export const kinesisStreamSourceConfiguration = structure('KinesisStreamSourceConfiguration', {
  KinesisStreamARN: required(streamArn),
  RoleARN: required(roleArn),
});

const keyType = string({ values: ['AWS_OWNED_CMK', 'CUSTOMER_MANAGED_CMK'] });

export const encryptionConfigurationInput = structure('DeliveryStreamEncryptionConfigurationInput', {
  KeyARN: keyArn,
  KeyType: required(keyType),
});

/** AWS's pattern looks ahead to leave out keys that begin with `aws:`. */
export const tagKey = string({ min: 1, max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@%]*' });
const tagValue = string({ min: 0, max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@%]*' });
const tag = structure('Tag', { Key: required(tagKey), Value: tagValue });
/** Of a request. */
export const tags = list(tag, { min: 1, max: 50 });
/** Of an answer. */
export const tagList = list(tag, { min: 0, max: 50 });

const failureDescription = structure('FailureDescription', {
  Type: required(
    string({
      values: [
        ...(['VPC_ENDPOINT_SERVICE_NAME_NOT_FOUND', 'VPC_INTERFACE_ENDPOINT_SERVICE_ACCESS_DENIED'] as const),
        ...(['RETIRE_KMS_GRANT_FAILED', 'CREATE_KMS_GRANT_FAILED', 'KMS_ACCESS_DENIED'] as const),
        ...(['DISABLED_KMS_KEY', 'INVALID_KMS_KEY', 'KMS_KEY_NOT_FOUND', 'KMS_OPT_IN_REQUIRED'] as const),
        ...(['CREATE_ENI_FAILED', 'DELETE_ENI_FAILED', 'SUBNET_NOT_FOUND'] as const),
        ...(['SECURITY_GROUP_NOT_FOUND', 'ENI_ACCESS_DENIED', 'SUBNET_ACCESS_DENIED'] as const),
        ...(['SECURITY_GROUP_ACCESS_DENIED', 'UNKNOWN_ERROR'] as const),
      ],
    }),
  ),
  Details: required(nonEmptyString),
});

const encryptionDescription = structure('DeliveryStreamEncryptionConfiguration', {
  KeyARN: keyArn,
  KeyType: keyType,
  Status: string({
    values: ['ENABLED', 'ENABLING', 'ENABLING_FAILED', 'DISABLED', 'DISABLING', 'DISABLING_FAILED'],
  }),
  FailureDescription: failureDescription,
});

const sourceDescription = structure('SourceDescription', {
  DirectPutSourceDescription: structure('DirectPutSourceDescription', {
    ThroughputHintInMBs: integer({ min: 1, max: 100 }),
  }),
  KinesisStreamSourceDescription: structure('KinesisStreamSourceDescription', {
    KinesisStreamARN: streamArn,
    RoleARN: roleArn,
    DeliveryStartTimestamp: timestamp(),
  }),
});

export const streamMembers = {
  DeliveryStreamName: required(deliveryStreamName),
  DeliveryStreamARN: required(deliveryStreamArn),
  DeliveryStreamStatus: required(
    string({ values: ['CREATING', 'CREATING_FAILED', 'DELETING', 'DELETING_FAILED', 'ACTIVE'] }),
  ),
  FailureDescription: failureDescription,
  DeliveryStreamEncryptionConfiguration: encryptionDescription,
  DeliveryStreamType: required(deliveryStreamType),
  VersionId: required(versionId),
  CreateTimestamp: timestamp(),
  LastUpdateTimestamp: timestamp(),
  Source: sourceDescription,
  HasMoreDestinations: required(boolean()),
};
