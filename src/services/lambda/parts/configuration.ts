import { createHash } from 'node:crypto';
import { partitionOf } from '../../../kinesis/arn.ts';
import type { OutputOf } from '../../../wire/shape.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import type { FunctionSettings } from '../state/lambda-state.ts';
import type { FunctionConfiguration } from './configuration-shape.ts';
import { functionArn } from './function-arn.ts';
import type { GivenZip } from './function-code.ts';
import type { loggingConfig, snapStart, vpcConfig } from './shapes.ts';

/** A version of a function, as it is to be answered: under the ARN of `target`. */
type Shown = {
  readonly target: FunctionTarget;
  readonly version: string;
  readonly settings: FunctionSettings;
};

/** As lists have it: without what of a version changes by itself. */
export function listedConfiguration({ target, version, settings }: Shown): FunctionConfiguration {
  const { echoed, code, runtime, handler, environment } = settings;
  const said = echoed as Echoed;
  return {
    FunctionName: target.name,
    FunctionArn: functionArn(target),
    Runtime: runtime,
    Role: settings.role,
    Handler: handler,
    CodeSize: code.kind === 'zip' ? code.bytes : (said.zip?.bytes ?? 0),
    Description: settings.description,
    Timeout: settings.timeoutSeconds,
    MemorySize: settings.memoryMiB,
    LastModified: lastModifiedText(settings.modifiedAt),
    CodeSha256: codeSha256(settings),
    Version: version,
    VpcConfig: said.VpcConfig && { ...noNetwork, ...said.VpcConfig },
    DeadLetterConfig: said.DeadLetterConfig,
    Environment: said.hasEnvironment ? { Variables: environment } : undefined,
    KMSKeyArn: said.KMSKeyArn,
    TracingConfig: { Mode: settings.tracing },
    RevisionId: settings.revision,
    PackageType: 'Zip',
    Architectures: [settings.architecture],
    EphemeralStorage: { Size: settings.storageMiB },
    SnapStart: { ApplyOn: said.SnapStart?.ApplyOn ?? 'None', OptimizationStatus: 'Off' },
    LoggingConfig: loggingOf(target.name, said.LoggingConfig),
  };
}

/** As everything else has it: a function may be invoked from the answer on that made it. */
export function configurationOf(shown: Shown): FunctionConfiguration {
  const { target, settings } = shown;
  return {
    ...listedConfiguration(shown),
    State: 'Active',
    LastUpdateStatus: 'Successful',
    RuntimeVersionConfig:
      settings.runtime === undefined
        ? undefined
        : { RuntimeVersionArn: runtimeVersionArn(target.region, settings.runtime) },
  };
}

/** As it is answered to whom made it: clients wait from there on for the state `Active`, as at AWS. */
export function madeConfiguration(shown: Shown): FunctionConfiguration {
  const { LastUpdateStatus: _, ...configuration } = configurationOf(shown);
  const reason = { StateReason: 'The function is being created.', StateReasonCode: 'Creating' };
  return { ...configuration, State: 'Pending', ...reason };
}

/** The same for who changed it. */
export function changedConfiguration(shown: Shown): FunctionConfiguration {
  return {
    ...configurationOf(shown),
    LastUpdateStatus: 'InProgress',
    LastUpdateStatusReason: 'The function is being created.',
    LastUpdateStatusReasonCode: 'Creating',
  };
}

/** What is kept as it came: see `FunctionSettings.echoed`. */
export type Echoed = {
  /** Whether variables were ever given, if none: then there is a member for them. */
  readonly hasEnvironment?: boolean;
  /** The zip that was given, where what runs is elsewhere: clients compare its hash with theirs. */
  readonly zip?: GivenZip;
  readonly VpcConfig?: OutputOf<typeof vpcConfig>;
  readonly DeadLetterConfig?: { readonly TargetArn: string };
  readonly KMSKeyArn?: string;
  readonly SnapStart?: OutputOf<typeof snapStart>;
  readonly LoggingConfig?: OutputOf<typeof loggingConfig>;
};

/** What is not said of a network. None is made here: functions run where this server does. */
const noNetwork = { SubnetIds: [], SecurityGroupIds: [], VpcId: '', Ipv6AllowedForDualStack: false };

function loggingOf(name: string, said: Echoed['LoggingConfig'] = {}): FunctionConfiguration['LoggingConfig'] {
  const { LogFormat = 'Text', LogGroup = `/aws/lambda/${name}` } = said;
  const levels =
    LogFormat === 'JSON'
      ? {
          ApplicationLogLevel: said.ApplicationLogLevel ?? ('INFO' as const),
          SystemLogLevel: said.SystemLogLevel ?? ('INFO' as const),
        }
      : {};
  return { LogFormat, ...levels, LogGroup };
}

/** Of the zip, in base64; where none was given, of where the code lies. */
export function codeSha256({ code, echoed }: Pick<FunctionSettings, 'code' | 'echoed'>): string {
  const zip = code.kind === 'zip' ? code : (echoed as Echoed).zip;
  if (zip !== undefined) return Buffer.from(zip.sha256, 'hex').toString('base64');
  return createHash('sha256').update(JSON.stringify(code)).digest('base64');
}

/** Such as `2026-11-29T11:00:00.000+0000`. */
function lastModifiedText(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}

/** One for each runtime, of the form of AWS's. */
function runtimeVersionArn(region: string, runtime: string): string {
  const id = createHash('sha256').update(runtime).digest('hex');
  return `arn:${partitionOf(region)}:lambda:${region}::runtime:${id}`;
}
