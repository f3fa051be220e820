import { boolean, double, integer, list, map, required, string, structure } from '../../../wire/shape.ts';

// Shapes that several operations share, from the service's model (API reference, data types).

/** What besides is wrong with one is said by `functionNamed`: regions need not have names of AWS's here. */
export const functionName = string({ min: 1, max: 256 });
export const qualifier = string({ min: 1, max: 128, pattern: '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+' });
export const versionNumber = string({ min: 1, max: 1024, pattern: '(\\$LATEST|[0-9]+)' });
/** What besides is wrong with one is said by `requireAliasName`. */
export const aliasName = string({ min: 1, max: 128 });
export const description = string({ min: 0, max: 256 });
export const roleArn = string({
  pattern: 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
});
export const anyArn = string({
  min: 0,
  max: 10_000,
  pattern: '(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()',
});
export const kmsKeyArn = string({
  min: 0,
  max: 10_000,
  pattern: '(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()',
});
export const handler = string({ max: 128, pattern: '[^\\s]+' });
export const timeout = integer({ min: 1, max: 900 });
export const memory = integer({ min: 128, max: 10_240 });
export const ephemeralStorage = structure('EphemeralStorage', {
  Size: required(integer({ min: 512, max: 10_240 })),
});
export const marker = string();
export const maxItems = integer({ min: 1, max: 10_000 });
export const revisionId = string();
/** AWS's tags are checked by operations: what is wrong with them is no ValidationException. */
export const tags = map(string());

export const architectures = list(string({ values: ['x86_64', 'arm64'] }), { min: 1, max: 1 });
export const tracingMode = string({ values: ['Active', 'PassThrough'] });
export const packageType = string({ values: ['Image', 'Zip'] });

export const vpcConfig = structure('VpcConfig', {
  SubnetIds: list(string(), { max: 16 }),
  SecurityGroupIds: list(string(), { max: 5 }),
  Ipv6AllowedForDualStack: boolean(),
});
export const deadLetterConfig = structure('DeadLetterConfig', { TargetArn: anyArn });
export const tracingConfig = structure('TracingConfig', { Mode: tracingMode });
export const snapStart = structure('SnapStart', {
  ApplyOn: string({ values: ['PublishedVersions', 'None'] }),
});
export const loggingConfig = structure('LoggingConfig', {
  LogFormat: string({ values: ['JSON', 'Text'] }),
  ApplicationLogLevel: string({ values: ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] }),
  SystemLogLevel: string({ values: ['DEBUG', 'INFO', 'WARN'] }),
  LogGroup: string({ min: 1, max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]+' }),
});
export const fileSystemConfigs = list(
  structure('FileSystemConfig', {
    Arn: required(string()),
    LocalMountPath: required(string()),
    S3FilesConfig: structure('S3FilesConfig', { DirectS3Read: string() }),
  }),
  { max: 1 },
);
export const imageConfig = structure('ImageConfig', {
  EntryPoint: list(string()),
  Command: list(string()),
  WorkingDirectory: string({ max: 1000 }),
});
export const capacityProviderConfig = structure('CapacityProviderConfig', {
  LambdaManagedInstancesCapacityProviderConfig: required(
    structure('LambdaManagedInstancesCapacityProviderConfig', {
      CapacityProviderArn: required(string()),
      PerExecutionEnvironmentMaxConcurrency: integer(),
      ExecutionEnvironmentMemoryGiBPerVCpu: double(),
    }),
  ),
});
export const durableConfig = structure('DurableConfig', {
  KMSKeyArn: string(),
  RetentionPeriodInDays: integer(),
  ExecutionTimeout: integer(),
});

/** What is wrong with weights is said by `weightsOf`. */
export const aliasRouting = structure('AliasRoutingConfiguration', {
  AdditionalVersionWeights: map(double()),
});
export const aliasConfiguration = structure('AliasConfiguration', {
  AliasArn: string(),
  Name: string(),
  FunctionVersion: string(),
  Description: string(),
  RoutingConfig: structure('AliasRoutingConfiguration', { AdditionalVersionWeights: map(double()) }),
  RevisionId: string(),
});

export const concurrency = structure('Concurrency', { ReservedConcurrentExecutions: integer() });

export const recursiveLoop = string({ values: ['Terminate', 'Allow'] });
export const updateRuntimeOn = string({ values: ['Auto', 'Manual', 'FunctionUpdate'] });

/** Of a function's own URL. */
export const urlMembers = {
  FunctionUrl: required(string()),
  FunctionArn: required(string()),
  AuthType: required(string({ values: ['NONE', 'AWS_IAM'] })),
  CreationTime: required(string()),
  LastModifiedTime: required(string()),
  Cors: structure('Cors', {
    AllowCredentials: boolean(),
    AllowHeaders: list(string()),
    AllowMethods: list(string()),
    AllowOrigins: list(string()),
    ExposeHeaders: list(string()),
    MaxAge: integer(),
  }),
  InvokeMode: string({ values: ['BUFFERED', 'RESPONSE_STREAM'] }),
};
