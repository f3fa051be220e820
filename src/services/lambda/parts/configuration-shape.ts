import {
  integer,
  list,
  long,
  map,
  type OutputOf,
  required,
  sensitive,
  string,
  structure,
} from '../../../wire/shape.ts';
import {
  capacityProviderConfig,
  deadLetterConfig,
  durableConfig,
  ephemeralStorage,
  fileSystemConfigs,
  imageConfig,
  loggingConfig,
  tracingMode,
  vpcConfig,
} from './shapes.ts';

const error = { ErrorCode: string(), Message: sensitive(string()) };

/** What CreateFunction, GetFunction and others answer of a version of a function. */
export const functionConfiguration = structure('FunctionConfiguration', {
  FunctionName: string(),
  FunctionArn: string(),
  Runtime: string(),
  Role: string(),
  Handler: string(),
  CodeSize: long(),
  Description: string(),
  Timeout: integer(),
  MemorySize: integer(),
  /** A text: `2026-11-29T11:00:00.000+0000`. */
  LastModified: string(),
  CodeSha256: string(),
  Version: string(),
  VpcConfig: structure('VpcConfigResponse', { ...vpcConfig.members, VpcId: string() }),
  DeadLetterConfig: deadLetterConfig,
  Environment: structure('EnvironmentResponse', {
    Variables: sensitive(map(string())),
    Error: structure('EnvironmentError', error),
  }),
  KMSKeyArn: string(),
  TracingConfig: structure('TracingConfigResponse', { Mode: tracingMode }),
  MasterArn: string(),
  RevisionId: string(),
  Layers: list(
    structure('Layer', {
      Arn: string(),
      CodeSize: long(),
      SigningProfileVersionArn: string(),
      SigningJobArn: string(),
    }),
  ),
  State: string({
    values: [
      'Pending',
      'Active',
      'Inactive',
      'Failed',
      'Deactivating',
      'Deactivated',
      'ActiveNonInvocable',
      'Deleting',
    ],
  }),
  StateReason: string(),
  StateReasonCode: string(),
  LastUpdateStatus: string({ values: ['Successful', 'Failed', 'InProgress'] }),
  LastUpdateStatusReason: string(),
  LastUpdateStatusReasonCode: string(),
  FileSystemConfigs: fileSystemConfigs,
  SigningProfileVersionArn: string(),
  SigningJobArn: string(),
  PackageType: string({ values: ['Image', 'Zip'] }),
  ImageConfigResponse: structure('ImageConfigResponse', {
    ImageConfig: imageConfig,
    Error: structure('ImageConfigError', error),
  }),
  Architectures: list(string({ values: ['x86_64', 'arm64'] })),
  EphemeralStorage: ephemeralStorage,
  SnapStart: structure('SnapStartResponse', {
    ApplyOn: string({ values: ['PublishedVersions', 'None'] }),
    OptimizationStatus: string({ values: ['On', 'Off'] }),
  }),
  RuntimeVersionConfig: structure('RuntimeVersionConfig', {
    RuntimeVersionArn: string(),
    Error: structure('RuntimeVersionError', error),
  }),
  LoggingConfig: loggingConfig,
  TenancyConfig: structure('TenancyConfig', { TenantIsolationMode: required(string()) }),
  CapacityProviderConfig: capacityProviderConfig,
  ConfigSha256: string(),
  DurableConfig: durableConfig,
});

export type FunctionConfiguration = OutputOf<typeof functionConfiguration>;
