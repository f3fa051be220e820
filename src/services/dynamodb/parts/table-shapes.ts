import { boolean, integer, list, long, required, string, structure, timestamp } from '../../../wire/shape.ts';
import { indexName } from './item-shapes.ts';

// Shapes of tables, from the service's model (API reference, data types).

export const resourceArn = string({ min: 1, max: 1283 });
export const tagKey = string({ min: 1, max: 128 });
export const tags = list(
  structure('Tag', { Key: required(tagKey), Value: required(string({ min: 0, max: 256 })) }),
);
export const nextToken = string();

const keyAttributeName = string({ min: 1, max: 255 });
export const keySchema = list(
  structure('KeySchemaElement', {
    AttributeName: required(keyAttributeName),
    KeyType: required(string({ values: ['HASH', 'RANGE'] })),
  }),
  { min: 1, max: 2 },
);
export const attributeDefinitions = list(
  structure('AttributeDefinition', {
    AttributeName: required(keyAttributeName),
    AttributeType: required(string({ values: ['B', 'N', 'S'] })),
  }),
);
export const billingMode = string({ values: ['PROVISIONED', 'PAY_PER_REQUEST'] });
export const tableClass = string({ values: ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'] });
const tableStatus = string({
  values: [
    ...['CREATING', 'UPDATING', 'DELETING', 'ACTIVE', 'INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'ARCHIVING'],
    ...['ARCHIVED', 'REPLICATION_NOT_AUTHORIZED'],
  ],
});
const indexStatus = string({ values: ['CREATING', 'UPDATING', 'DELETING', 'ACTIVE'] });

export const throughput = structure('ProvisionedThroughput', {
  WriteCapacityUnits: required(long({ min: 1 })),
  ReadCapacityUnits: required(long({ min: 1 })),
});
const throughputDescription = structure('ProvisionedThroughputDescription', {
  LastIncreaseDateTime: timestamp(),
  LastDecreaseDateTime: timestamp(),
  NumberOfDecreasesToday: long({ min: 1 }),
  ReadCapacityUnits: long({ min: 0 }),
  WriteCapacityUnits: long({ min: 0 }),
});
export const onDemandThroughput = structure('OnDemandThroughput', {
  MaxReadRequestUnits: long(),
  MaxWriteRequestUnits: long(),
});
export const warmThroughput = structure('WarmThroughput', {
  ReadUnitsPerSecond: long({ min: 1 }),
  WriteUnitsPerSecond: long({ min: 1 }),
});
export const streamSpecification = structure('StreamSpecification', {
  StreamEnabled: required(boolean()),
  StreamViewType: string({ values: ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'] }),
});
export const sseSpecification = structure('SSESpecification', {
  Enabled: boolean(),
  SSEType: string({ values: ['AES256', 'KMS'] }),
  KMSMasterKeyId: string(),
});
export const projection = structure('Projection', {
  ProjectionType: string({ values: ['ALL', 'INCLUDE', 'KEYS_ONLY'] }),
  NonKeyAttributes: list(string({ min: 1, max: 255 }), { min: 1, max: 20 }),
});

export const globalIndex = structure('GlobalSecondaryIndex', {
  IndexName: required(indexName),
  KeySchema: required(keySchema),
  Projection: required(projection),
  ProvisionedThroughput: throughput,
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: warmThroughput,
});
export const localIndex = structure('LocalSecondaryIndex', {
  IndexName: required(indexName),
  KeySchema: required(keySchema),
  Projection: required(projection),
});
export const globalIndexUpdate = structure('GlobalSecondaryIndexUpdate', {
  Update: structure('UpdateGlobalSecondaryIndexAction', {
    IndexName: required(indexName),
    ProvisionedThroughput: throughput,
    OnDemandThroughput: onDemandThroughput,
    WarmThroughput: warmThroughput,
  }),
  Create: structure('CreateGlobalSecondaryIndexAction', {
    IndexName: required(indexName),
    KeySchema: required(keySchema),
    Projection: required(projection),
    ProvisionedThroughput: throughput,
    OnDemandThroughput: onDemandThroughput,
    WarmThroughput: warmThroughput,
  }),
  Delete: structure('DeleteGlobalSecondaryIndexAction', { IndexName: required(indexName) }),
});

const globalIndexDescription = structure('GlobalSecondaryIndexDescription', {
  IndexName: indexName,
  KeySchema: keySchema,
  Projection: projection,
  IndexStatus: indexStatus,
  Backfilling: boolean(),
  ProvisionedThroughput: throughputDescription,
  IndexSizeBytes: long(),
  ItemCount: long(),
  IndexArn: string(),
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: structure('GlobalSecondaryIndexWarmThroughputDescription', {
    ReadUnitsPerSecond: long(),
    WriteUnitsPerSecond: long(),
    Status: indexStatus,
  }),
});
const localIndexDescription = structure('LocalSecondaryIndexDescription', {
  IndexName: indexName,
  KeySchema: keySchema,
  Projection: projection,
  IndexSizeBytes: long(),
  ItemCount: long(),
  IndexArn: string(),
});

export const tableDescription = structure('TableDescription', {
  AttributeDefinitions: attributeDefinitions,
  TableName: string({ min: 3, max: 255, pattern: '[a-zA-Z0-9_.-]+' }),
  KeySchema: keySchema,
  TableStatus: tableStatus,
  CreationDateTime: timestamp(),
  ProvisionedThroughput: throughputDescription,
  TableSizeBytes: long(),
  ItemCount: long(),
  TableArn: string(),
  TableId: string(),
  BillingModeSummary: structure('BillingModeSummary', {
    BillingMode: billingMode,
    LastUpdateToPayPerRequestDateTime: timestamp(),
  }),
  LocalSecondaryIndexes: list(localIndexDescription),
  GlobalSecondaryIndexes: list(globalIndexDescription),
  SSEDescription: structure('SSEDescription', {
    Status: string({ values: ['ENABLING', 'ENABLED', 'DISABLING', 'DISABLED', 'UPDATING'] }),
    SSEType: string({ values: ['AES256', 'KMS'] }),
    KMSMasterKeyArn: string(),
    InaccessibleEncryptionDateTime: timestamp(),
  }),
  TableClassSummary: structure('TableClassSummary', {
    TableClass: tableClass,
    LastUpdateDateTime: timestamp(),
  }),
  DeletionProtectionEnabled: boolean(),
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: structure('TableWarmThroughputDescription', {
    ReadUnitsPerSecond: long(),
    WriteUnitsPerSecond: long(),
    Status: tableStatus,
  }),
});

export const timeToLive = structure('TimeToLiveSpecification', {
  Enabled: required(boolean()),
  AttributeName: required(string({ min: 1, max: 255 })),
});

export const continuousBackups = structure('ContinuousBackupsDescription', {
  ContinuousBackupsStatus: required(string({ values: ['ENABLED', 'DISABLED'] })),
  PointInTimeRecoveryDescription: structure('PointInTimeRecoveryDescription', {
    PointInTimeRecoveryStatus: string({ values: ['ENABLED', 'DISABLED'] }),
    RecoveryPeriodInDays: integer({ min: 1, max: 35 }),
    EarliestRestorableDateTime: timestamp(),
    LatestRestorableDateTime: timestamp(),
  }),
});
