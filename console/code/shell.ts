import {
  type ApiRequest,
  Bytes,
  type Endpoint,
  isWaiting,
  ownTarget,
  ownType,
  type RequestValue,
  type Step,
} from './request.ts';
import { separated } from './words.ts';

/** Commands for a POSIX shell: the AWS CLI, version 2, and curl for what that does not know. */
export function shellCode(steps: readonly Step[], endpoint: Endpoint): string {
  return steps.map((step) => command(step, endpoint)).join('\n\n');
}

function command(step: Step, endpoint: Endpoint): string {
  if (!isWaiting(step)) return step.service === 'millrace' ? curl(step, endpoint) : awsCli(step, endpoint);
  const options = [option('stream-name', step.untilActive), ...placeOptions(endpoint)];
  return onLines(['aws kinesis wait stream-exists', ...options]);
}

function awsCli({ service, operation, input }: ApiRequest, endpoint: Endpoint): string {
  const options = Object.values(input).some(isReadAsFile)
    ? [`--cli-input-json ${inShell(JSON.stringify(input))}`]
    : Object.entries(input).map(([name, value]) => option(separated(name, '-'), value));
  return onLines([`aws ${service} ${separated(operation, '-')}`, ...options, ...placeOptions(endpoint)]);
}

function placeOptions({ url, region }: Endpoint): string[] {
  return [option('endpoint-url', url), option('region', region)];
}

/** The CLI takes a text that begins so for the name of a file, whatever it is for (AWS CLI user guide). */
function isReadAsFile(value: RequestValue): boolean {
  return typeof value === 'string' && /^fileb?:\/\//.test(value);
}

function option(name: string, value: RequestValue): string {
  if (typeof value === 'boolean') return value ? `--${name}` : `--no-${name}`;
  if (Array.isArray(value) && value.every(isPlainWord)) return [`--${name}`, ...value.map(inShell)].join(' ');
  const text =
    typeof value === 'string' ? value : value instanceof Bytes ? value.base64 : JSON.stringify(value);
  // A value that begins like an option would be taken for one.
  return text.startsWith('-') ? `--${name}=${inShell(text)}` : `--${name} ${inShell(text)}`;
}

function isPlainWord(value: RequestValue): value is string {
  return typeof value === 'string' && !/^[-[{]/.test(value);
}

function curl({ operation, input }: ApiRequest, { url, region }: Endpoint): string {
  return onLines([
    `curl ${inShell(new URL('/', url).href)}`,
    `--aws-sigv4 ${inShell(`aws:amz:${region}:millrace`)}`,
    '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
    `--header ${inShell(`X-Amz-Target: ${ownTarget(operation)}`)}`,
    `--header ${inShell(`Content-Type: ${ownType}`)}`,
    `--data-raw ${inShell(JSON.stringify(input))}`,
  ]);
}

function onLines(parts: readonly string[]): string {
  return parts.join(' \\\n  ');
}

/** A text as one word of a shell, whatever is in it. */
function inShell(text: string): string {
  if (/^[\w./:][\w./:=-]*$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
