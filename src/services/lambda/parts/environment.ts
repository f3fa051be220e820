import { ServiceError } from '../../../wire/service-error.ts';
import { invalidValue } from '../errors.ts';

type Environment = Readonly<Record<string, string>>;

/** All of them together (Lambda quotas, "Environment variables"). */
const environmentBytesMax = 4096;

/**
 * The variables that a function may have. The texts are AWS's, without the values that AWS repeats in one of
 * them: they are secrets, and errors are logged.
 */
export function requireEnvironment(environment: Environment): void {
  const names = Object.keys(environment);
  if (!names.every((name) => nameForm.test(name))) {
    throw new ServiceError(
      'ValidationException',
      "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys " +
        'must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]',
    );
  }
  const taken = names.filter((name) => reserved.has(name));
  if (taken.length > 0) {
    throw invalidValue(
      `${unable} contains reserved keys that are currently not supported for modification. Reserved keys ` +
        `used in this request: ${taken.join(', ')}`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(environment)) > environmentBytesMax) {
    throw invalidValue(`${unable} exceeded the 4KB limit.`);
  }
}

const unable =
  'Lambda was unable to configure your environment variables because the environment variables you have provided';

const nameForm = /^[a-zA-Z][a-zA-Z0-9_]+$/;

/** Lambda developer guide, "Defined runtime environment variables". */
const reserved: ReadonlySet<string> = new Set([
  ...['AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME'],
  ...['AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE'],
  ...['AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_LAMBDA_RUNTIME_API'],
  ...['AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'],
  ...['LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR'],
]);
