import {
  type ApiRequest,
  Bytes,
  type CodedService,
  type Endpoint,
  isWaiting,
  ownTarget,
  ownType,
  type RequestValue,
  type Step,
} from './request.ts';
import { indented, quoted } from './words.ts';

/** A module for Node with the AWS SDK, version 3; with `aws4fetch` for what that does not know. */
export function javascriptCode(steps: readonly Step[], endpoint: Endpoint): string {
  const services = [...new Set(steps.map((step) => (isWaiting(step) ? 'kinesis' : step.service)))];
  const imports = services.map((service) => importsOf(service, steps));
  const clients = services.map((service) => clientOf(service, endpoint));
  const calls = steps.map((step) => (isWaiting(step) ? waiting(step.untilActive) : call(step, endpoint)));
  return [imports.join('\n'), clients.join('\n'), ...calls].join('\n\n');
}

function importsOf(service: CodedService, steps: readonly Step[]): string {
  if (service === 'millrace') return "import { AwsClient } from 'aws4fetch';";
  const own = steps.flatMap((step) =>
    !isWaiting(step) && step.service === service ? [commandOf(step)] : [],
  );
  const waiters = service === 'kinesis' && steps.some(isWaiting) ? ['waitUntilStreamExists'] : [];
  const names = [`${clientNames[service]}Client`, ...new Set(own), ...waiters];
  return names.length < 3
    ? `import { ${names.join(', ')} } from '@aws-sdk/client-${service}';`
    : `import {\n${indented(names.join(',\n'), 2)},\n} from '@aws-sdk/client-${service}';`;
}

/** Exists means ACTIVE to this waiter of the SDK's. */
function waiting(stream: string): string {
  return `await waitUntilStreamExists({ client: kinesis, maxWaitTime: 300 }, { StreamName: ${quoted(stream)} });`;
}

/** The packages' names for services; `@aws-sdk/client-kinesis` has a `KinesisClient`. */
const clientNames: Readonly<Record<Exclude<CodedService, 'millrace'>, string>> = {
  kinesis: 'Kinesis',
  iam: 'IAM',
  sts: 'STS',
  kms: 'KMS',
  dynamodb: 'DynamoDB',
  cloudwatch: 'CloudWatch',
  firehose: 'Firehose',
};

function clientOf(service: CodedService, { url, region }: Endpoint): string {
  if (service !== 'millrace') {
    const options = literal({ region, endpoint: url }, true);
    return `const ${service} = new ${clientNames[service]}Client(${options});`;
  }
  return [
    'const millrace = new AwsClient({',
    '  accessKeyId: process.env.AWS_ACCESS_KEY_ID,',
    '  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,',
    `  region: ${quoted(region)},`,
    "  service: 'millrace',",
    '});',
  ].join('\n');
}

function call(request: ApiRequest, { url }: Endpoint): string {
  const { service, operation, input } = request;
  if (service !== 'millrace') {
    const command = `new ${commandOf(request)}(${literal(input)})`;
    return `await ${service}.send(\n${indented(command, 2)},\n);`;
  }
  return [
    `await millrace.fetch(${quoted(new URL('/', url).href)}, {`,
    "  method: 'POST',",
    `  headers: { 'x-amz-target': ${quoted(ownTarget(operation))}, 'content-type': ${quoted(ownType)} },`,
    `  body: JSON.stringify(${indented(literal(input), 2).trimStart()}),`,
    '});',
  ].join('\n');
}

function commandOf({ operation }: ApiRequest): string {
  return `${operation}Command`;
}

function literal(value: RequestValue, isShort = false): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Bytes) return `Buffer.from(${quoted(value.base64)}, 'base64')`;
  if (Array.isArray(value)) return `[${value.map((item) => literal(item)).join(', ')}]`;
  const members = Object.entries(value).map(([name, member]) => `${memberName(name)}: ${literal(member)}`);
  if (members.length === 0) return '{}';
  if (isShort || (members.length === 1 && !members[0]!.includes('\n'))) return `{ ${members.join(', ')} }`;
  return `{\n${indented(members.join(',\n'), 2)},\n}`;
}

/** A name that is no identifier, or that would set the object's prototype, needs to be written otherwise. */
function memberName(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}
