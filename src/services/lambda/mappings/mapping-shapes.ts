import {
  boolean,
  integer,
  list,
  long,
  map,
  required,
  string,
  structure,
  timestamp,
} from '../../../wire/shape.ts';

// The shapes of event source mappings (Lambda API reference). Ranges are those of the model; what belongs
// together is in mapping-settings.ts.

/** As AWS's pattern, but for regions, which may have any name here. */
export const eventSourceArn = string({
  pattern: 'arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z0-9-]+)?:(\\d{12})?:(.*)',
});

export const startingPosition = string({ values: ['LATEST', 'AT_TIMESTAMP', 'TRIM_HORIZON'] });

const filterCriteria = structure('FilterCriteria', {
  Filters: list(structure('Filter', { Pattern: string({ min: 0, max: 4096 }) })),
});

const destination = string({
  min: 0,
  max: 350,
  pattern:
    '()|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z0-9-]+)?:(\\d{12})?:(.*)',
});

const destinationConfig = structure('DestinationConfig', {
  OnSuccess: structure('OnSuccess', { Destination: destination }),
  OnFailure: structure('OnFailure', { Destination: destination }),
});

const metricsConfig = structure('EventSourceMappingMetricsConfig', {
  Metrics: list(string({ values: ['EventCount', 'ErrorCount', 'KafkaMetrics'] }), { min: 0, max: 3 }),
});

/** What Create and Update set, and what is echoed. */
const settings = {
  BatchSize: integer({ min: 1, max: 10_000 }),
  FilterCriteria: filterCriteria,
  KMSKeyArn: string({ min: 0, max: 10_000, pattern: '(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()' }),
  MetricsConfig: metricsConfig,
  MaximumBatchingWindowInSeconds: integer({ min: 0, max: 300 }),
  ParallelizationFactor: integer({ min: 1, max: 10 }),
  DestinationConfig: destinationConfig,
  MaximumRecordAgeInSeconds: integer({ min: -1, max: 604_800 }),
  BisectBatchOnFunctionError: boolean(),
  MaximumRetryAttempts: integer({ min: -1, max: 10_000 }),
  TumblingWindowInSeconds: integer({ min: 0, max: 900 }),
  FunctionResponseTypes: list(string({ values: ['ReportBatchItemFailures'] }), { min: 0, max: 1 }),
};

const registryConfig = structure('KafkaSchemaRegistryConfig', {
  SchemaRegistryURI: string(),
  EventRecordFormat: string(),
  AccessConfigs: list(structure('KafkaSchemaRegistryAccessConfig', { Type: string(), URI: string() })),
  SchemaValidationConfigs: list(structure('KafkaSchemaValidationConfig', { Attribute: string() })),
});

/** What other event sources have: of Kinesis it is refused by name. */
const updatedOfOthers = {
  LoggingConfig: structure('EventSourceMappingLoggingConfig', { SystemLogLevel: string() }),
  ScalingConfig: structure('ScalingConfig', { MaximumConcurrency: integer() }),
  SourceAccessConfigurations: list(structure('SourceAccessConfiguration', { Type: string(), URI: string() })),
  AmazonManagedKafkaEventSourceConfig: structure('AmazonManagedKafkaEventSourceConfig', {
    ConsumerGroupId: string(),
    SchemaRegistryConfig: registryConfig,
  }),
  SelfManagedKafkaEventSourceConfig: structure('SelfManagedKafkaEventSourceConfig', {
    ConsumerGroupId: string(),
    SchemaRegistryConfig: registryConfig,
  }),
  DocumentDBEventSourceConfig: structure('DocumentDBEventSourceConfig', {
    DatabaseName: string(),
    CollectionName: string(),
    FullDocument: string(),
  }),
  ProvisionedPollerConfig: structure('ProvisionedPollerConfig', {
    MinimumPollers: integer(),
    MaximumPollers: integer(),
    PollerGroupName: string(),
  }),
};

const madeOfOthers = {
  Topics: list(string()),
  Queues: list(string()),
  SelfManagedEventSource: structure('SelfManagedEventSource', { Endpoints: map(list(string())) }),
};

/** The members that are of other event sources alone, as AWS's texts name them. */
export const namesOfOthers: readonly string[] = Object.keys({ ...updatedOfOthers, ...madeOfOthers });

export const uuidMember = { UUID: required(string()) };

/** `functionName` is the shape of names and ARNs of functions. */
export const createdMembers = {
  EventSourceArn: eventSourceArn,
  Enabled: boolean(),
  ...settings,
  StartingPosition: startingPosition,
  StartingPositionTimestamp: timestamp(),
  Tags: map(string()),
  ...updatedOfOthers,
  ...madeOfOthers,
};

export const updatedMembers = { ...uuidMember, Enabled: boolean(), ...settings, ...updatedOfOthers };

/** A mapping as it is answered. */
export const mappingConfiguration = structure('EventSourceMappingConfiguration', {
  UUID: string(),
  StartingPosition: startingPosition,
  StartingPositionTimestamp: timestamp(),
  EventSourceArn: eventSourceArn,
  ...settings,
  FunctionArn: string(),
  LastModified: timestamp(),
  LastProcessingResult: string(),
  State: string(),
  StateTransitionReason: string(),
  EventSourceMappingArn: string(),
});

/** How a mapping does: nothing of AWS's. */
export const mappingSight = structure('MappingSight', {
  UUID: required(string()),
  EventSourceArn: required(string()),
  FunctionArn: required(string()),
  State: required(string()),
  LastProcessingResult: required(string()),
  PendingFailures: required(integer()),
  Shards: required(
    list(
      structure('MappingShardSight', {
        ShardId: required(string()),
        LagMs: required(long()),
        BehindRecords: required(long()),
        DoneRecords: required(long()),
        TimeToLossMs: long(),
        LastProcessingResult: required(string()),
        RecordsPerSecond: required(integer()),
      }),
    ),
  ),
});

/** The number of a failure, of those of its mapping. */
export const failureNumber = long({ min: 0, max: 999_999_999_999 });

const failureMembers = {
  Number: required(failureNumber),
  Timestamp: required(timestamp()),
  ShardId: required(string()),
  Condition: required(string()),
  FirstSequenceNumber: required(string()),
  LastSequenceNumber: required(string()),
  RecordCount: required(integer()),
  Error: required(string()),
  Delivery: required(string()),
  HasData: required(boolean()),
  RedriveTimestamp: timestamp(),
};

/** Records that a mapping gave up, without them. */
export const mappingFailure = structure('MappingFailure', failureMembers);
