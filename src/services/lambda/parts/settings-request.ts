import { list, map, sensitive, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { unservedPart } from '../errors.ts';
import type { FunctionSettings } from '../state/lambda-state.ts';
import type { Echoed } from './configuration.ts';
import { requireEnvironment } from './environment.ts';
import { requireRuntime } from './runtime-names.ts';
import {
  capacityProviderConfig,
  deadLetterConfig,
  description,
  durableConfig,
  ephemeralStorage,
  fileSystemConfigs,
  handler,
  imageConfig,
  kmsKeyArn,
  loggingConfig,
  memory,
  roleArn,
  snapStart,
  timeout,
  tracingConfig,
  vpcConfig,
} from './shapes.ts';

/** What CreateFunction and UpdateFunctionConfiguration take alike; `Role` is required by one of them. */
export const settingsMembers = {
  Role: roleArn,
  Handler: handler,
  Description: description,
  Timeout: timeout,
  MemorySize: memory,
  VpcConfig: vpcConfig,
  Environment: structure('Environment', { Variables: sensitive(map(string())) }),
  Runtime: string(),
  DeadLetterConfig: deadLetterConfig,
  KMSKeyArn: kmsKeyArn,
  TracingConfig: tracingConfig,
  Layers: list(string({ min: 1, max: 2048 })),
  FileSystemConfigs: fileSystemConfigs,
  ImageConfig: imageConfig,
  EphemeralStorage: ephemeralStorage,
  SnapStart: snapStart,
  LoggingConfig: loggingConfig,
  CapacityProviderConfig: capacityProviderConfig,
  DurableConfig: durableConfig,
};

const settingsRequest = structure('SettingsRequest', settingsMembers);
export type SettingsRequest = TypeOf<typeof settingsRequest>;

/** Refuses what AWS has and this server has not, by its name. */
export function requireServedSettings(request: SettingsRequest): void {
  const { Layers = [], FileSystemConfigs = [], ImageConfig, CapacityProviderConfig, DurableConfig } = request;
  if (Layers.length > 0) throw unservedPart('A layer (Layers)');
  if (FileSystemConfigs.length > 0) throw unservedPart('A file system (FileSystemConfigs)');
  if (ImageConfig !== undefined) throw unservedPart('A container image (ImageConfig)');
  if (CapacityProviderConfig !== undefined)
    throw unservedPart('A capacity provider (CapacityProviderConfig)');
  if (DurableConfig !== undefined) throw unservedPart('A durable function (DurableConfig)');
}

/** Of all settings but the code, those that a request may change. */
export type ChangeableSettings = Omit<FunctionSettings, 'code' | 'modifiedAt' | 'revision' | 'architecture'>;

export const defaultSettings: Omit<ChangeableSettings, 'role'> = {
  description: '',
  timeoutSeconds: 3,
  memoryMiB: 128,
  storageMiB: 512,
  environment: {},
  tracing: 'PassThrough',
  echoed: {},
};

/** The settings as a request leaves them: what it does not say stays as it was. */
export function settingsAfter<Before extends ChangeableSettings>(
  before: Before,
  request: SettingsRequest,
): Before {
  const { Runtime, Environment, TracingConfig } = request;
  const environment = Environment?.Variables ?? (Environment ? {} : before.environment);
  if (Runtime !== undefined) requireRuntime(Runtime);
  if (Environment !== undefined) requireEnvironment(environment);
  return {
    ...before,
    description: request.Description ?? before.description,
    runtime: Runtime ?? before.runtime,
    role: request.Role ?? before.role,
    handler: request.Handler ?? before.handler,
    timeoutSeconds: request.Timeout ?? before.timeoutSeconds,
    memoryMiB: request.MemorySize ?? before.memoryMiB,
    storageMiB: request.EphemeralStorage?.Size ?? before.storageMiB,
    environment,
    tracing: TracingConfig?.Mode ?? before.tracing,
    echoed: echoedAfter(before.echoed, request),
  };
}

function echoedAfter(before: Echoed, request: SettingsRequest): Echoed & Readonly<Record<string, unknown>> {
  const { VpcConfig, DeadLetterConfig, KMSKeyArn, SnapStart, LoggingConfig, Environment } = request;
  const { TargetArn } = DeadLetterConfig ?? {};
  const said = {
    ...before,
    ...(Environment && { hasEnvironment: true }),
    ...(VpcConfig && { VpcConfig }),
    ...(DeadLetterConfig && { DeadLetterConfig: TargetArn ? { TargetArn } : undefined }),
    ...(KMSKeyArn !== undefined && { KMSKeyArn: KMSKeyArn || undefined }),
    ...(SnapStart && { SnapStart }),
    ...(LoggingConfig && { LoggingConfig: { ...before.LoggingConfig, ...LoggingConfig } }),
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}
