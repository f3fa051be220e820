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
import { indented, quoted, separated } from './words.ts';

/** A program for Python 3 with boto3; what that does not know is signed by botocore and sent by urllib. */
export function pythonCode(steps: readonly Step[], endpoint: Endpoint): string {
  const services = [...new Set(steps.map((step) => (isWaiting(step) ? 'kinesis' : step.service)))];
  const clients = services.filter((service) => service !== 'millrace').map((name) => client(name, endpoint));
  const calls = steps.map((step) => (isWaiting(step) ? waiting(step.untilActive) : call(step, endpoint)));
  return [imports(steps), clients.join('\n'), ...calls].filter((part) => part !== '').join('\n\n');
}

function imports(steps: readonly Step[]): string {
  const requests = steps.filter((step): step is ApiRequest => !isWaiting(step));
  const hasOwn = requests.some(({ service }) => service === 'millrace');
  const hasBytes = requests.some(({ input }) => holdsBytes(input));
  const standard = [
    ...(hasBytes ? ['import base64'] : []),
    ...(hasOwn ? ['import json', 'import urllib.request'] : []),
  ];
  const botocore = ['from botocore.auth import SigV4Auth', 'from botocore.awsrequest import AWSRequest'];
  const installed = ['import boto3', ...(hasOwn ? botocore : [])];
  return [...standard, ...(standard.length > 0 ? [''] : []), ...installed].join('\n');
}

function client(service: string, { url, region }: Endpoint): string {
  return [
    `${service} = boto3.client(`,
    `    ${quoted(service)}, region_name=${quoted(region)}, endpoint_url=${quoted(url)}`,
    ')',
  ].join('\n');
}

/** Exists means ACTIVE to this waiter of boto3's. */
function waiting(stream: string): string {
  return `kinesis.get_waiter('stream_exists').wait(StreamName=${quoted(stream)})`;
}

function call({ service, operation, input }: ApiRequest, { url, region }: Endpoint): string {
  if (service !== 'millrace') {
    const named = Object.entries(input).map(
      ([name, value]) => `    ${name}=${indented(literal(value), 4).trimStart()},`,
    );
    return [`${service}.${separated(operation, '_')}(`, ...named, ')'].join('\n');
  }
  return [
    'request = AWSRequest(',
    "    'POST',",
    `    ${quoted(new URL('/', url).href)},`,
    `    data=json.dumps(${indented(literal(input), 4).trimStart()}),`,
    `    headers={'X-Amz-Target': ${quoted(ownTarget(operation))}, 'Content-Type': ${quoted(ownType)}},`,
    ')',
    `SigV4Auth(boto3.Session().get_credentials(), 'millrace', ${quoted(region)}).add_auth(request)`,
    'urllib.request.urlopen(',
    '    urllib.request.Request(request.url, request.data.encode(), dict(request.headers))',
    ')',
  ].join('\n');
}

function literal(value: RequestValue): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (value instanceof Bytes) return `base64.b64decode(${quoted(value.base64)})`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  const members = Object.entries(value).map(([name, member]) => `${quoted(name)}: ${literal(member)}`);
  if (members.length < 2 && !members.join().includes('\n')) return `{${members.join()}}`;
  return `{\n${indented(members.join(',\n'), 4)},\n}`;
}

function holdsBytes(value: RequestValue): boolean {
  if (value instanceof Bytes) return true;
  return typeof value === 'object' && Object.values(value).some(holdsBytes);
}
