import type { Random } from '../../../env/random.ts';
import type { RunnableFunction } from './function-runner.ts';
import type { RuntimeKind } from './runtimes.ts';

export type EnvironmentParts = {
  readonly function_: RunnableFunction;
  readonly kind: RuntimeKind;
  /** Where the code is, absolute. */
  readonly folder: string;
  /** A folder that it may write to, absolute. */
  readonly scratch: string;
  /** One that it shares with others of its version. */
  readonly cache: string;
  readonly authority: string;
  readonly logStream: string;
  readonly searchPath: string;
  /** See `FunctionCredentials`. */
  readonly credentials: Readonly<Record<string, string>>;
};

/** All that a process of a function finds in its environment: AWS's reserved variables win. */
export function environmentOf(parts: EnvironmentParts): Record<string, string> {
  const { settings } = parts.function_;
  return {
    LANG: 'en_US.UTF-8',
    PATH: `${parts.searchPath}:/opt/bin`,
    HOME: parts.scratch,
    TMPDIR: parts.scratch,
    // A process writes at once what it prints: its last words are not lost with it.
    ...(parts.kind === 'python' && { PYTHONUNBUFFERED: '1', PYTHONPATH: parts.folder }),
    ...(parts.kind === 'node' && { MILLRACE_COMPILE_CACHE: parts.cache }),
    ...parts.credentials,
    ...withoutOurs(settings.environment),
    ...reservedVariables(parts),
  };
}

/**
 * Lambda developer guide, "Defined runtime environment variables", "Reserved environment variables". The
 * access keys among them come with the credentials; a function cannot name them.
 */
function reservedVariables(parts: EnvironmentParts): Record<string, string> {
  const { region, name, version, settings } = parts.function_;
  return {
    _HANDLER: settings.handler ?? '',
    AWS_DEFAULT_REGION: region,
    AWS_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMiB),
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: parts.logStream,
    AWS_LAMBDA_RUNTIME_API: parts.authority,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LAMBDA_TASK_ROOT: parts.folder,
    TZ: settings.environment['TZ'] ?? ':UTC',
  };
}

/** What says where a function's code is, is no business of the code. */
function withoutOurs(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ourVariables.has(name)));
}

const ourVariables = new Set(['MILLRACE_CODE_FOLDER', 'MILLRACE_INVOKE_URL', 'MILLRACE_WEBHOOK_URL']);

/** As CloudWatch Logs names them: `2026/11/29/[$LATEST]` and 32 digits in hex. */
export function logStreamName(now: number, version: string, random: Random): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${version}]${random.bytes(16).toString('hex')}`;
}

/** As X-Ray writes them (X-Ray developer guide, "Trace ID format"); nothing here samples. */
export function traceIdAt(now: number, random: Random): string {
  const second = Math.floor(now / 1000).toString(16);
  const hex = random.bytes(20).toString('hex');
  return `Root=1-${second}-${hex.slice(0, 24)};Parent=${hex.slice(24)};Sampled=0`;
}
