import { secretPlace } from '../env/secret-place.ts';
import { placeIn } from '../http/places.ts';

import { archiveSettings } from './archive-settings.ts';
import { deliverySettings } from './delivery-settings.ts';

import { kafkaSettings } from './kafka-settings.ts';
import { lambdaSettings } from './lambda-settings.ts';
import { metricsSettings } from './metrics-settings.ts';
import { objectSettings } from './object-settings.ts';
import {
  consoleModes,
  type EngineName,
  engineNames,
  type LogLevel,
  logLevels,
  type ServerOptions,
  workersMax,
} from './options.ts';
import { httpUrl, type Setting, something, wholeNumber, yesOrNo } from './setting.ts';

/** In the order of the help. */
export const settings: { readonly [Name in keyof ServerOptions]: Setting<ServerOptions[Name]> } = {
  port: {
    flag: 'port',
    takes: '<number>',
    help: 'port to listen on; 0 takes any free one, none leaves it to --listen',
    expected: 'a number from 0 to 65535, or none',
    read: (text) => (text === 'none' ? text : wholeNumber(text, 65_535)),
  },
  host: {
    flag: 'host',
    takes: '<address>',
    help: 'address to listen on; on others than loopback signatures are verified',
    expected: 'an address or a host name',
    read: something,
  },
  data: {
    flag: 'data',
    takes: '<directory>',
    help: 'where streams and records are kept; made when missing',
    expected: 'a directory',
    read: something,
  },
  engine: {
    flag: 'engine',
    takes: `<${engineNames.join('|')}>`,
    help: 'where everything is kept: in --data, in memory only, or in a Kafka cluster that several servers share',
    expected: `one of ${engineNames.join(', ')}`,
    read: (text) => (engineNames.includes(text as EngineName) ? (text as EngineName) : undefined),
  },
  memory: {
    flag: 'memory',
    help: 'the same as --engine memory: everything is gone when the server ends',
    expected: 'true or false',
    read: yesOrNo,
  },
  workers: {
    flag: 'workers',
    takes: '<auto|number>',
    help: 'threads that take requests besides the first; auto has them come when they pay (default: auto; 0 with --memory)',
    expected: `auto or a number from 0 to ${workersMax}`,
    read: (text) => (text === 'auto' ? text : wholeNumber(text, workersMax)),
  },
  auth: {
    flag: 'auth',
    takes: '<required|open>',
    help: 'whether signatures are verified (default: on other addresses than loopback, with --credentials, and once there is a root user)',
    expected: 'required or open',
    read: (text) => (text === 'required' || text === 'open' ? text : undefined),
  },
  listen: {
    flag: 'listen',
    takes: '<NAME=ADDRESS:PORT>',
    isList: true,
    help: 'one more listener, or NAME=unix:/path; may be given again. Policies see NAME as aws:SourceVpce',
    expected: 'NAME=ADDRESS:PORT or NAME=unix:/path, several by commas',
    read: (text) => (text.split(',').every((one) => placeIn(one) !== undefined) ? text : undefined),
  },
  credentials: {
    flag: 'credentials',
    takes: '<file>',
    help: 'AWS shared-credentials file, read again when it changes; each profile in it is a user, and signatures are verified',
    expected: 'a file',
    read: something,
  },
  rootKey: {
    flag: 'root-key',
    takes: '<source>',
    help: 'file:PATH, env:NAME or command:COMMAND with the keys that secrets are wrapped with (default: root-key in the data directory)',
    expected: 'file:PATH, env:NAME or command:COMMAND',
    read: (text) => (secretPlace.test(text) ? text : undefined),
  },
  encrypt: {
    flag: 'encrypt',
    takes: '[key]',
    help: 'encrypt new streams with a KMS key; without a key named, with alias/aws/kinesis',
    expected: 'the id, the ARN or an alias of a KMS key',
    read: keyName,
  },
  kms: {
    flag: 'kms',
    takes: '<url>',
    help: "have a KMS elsewhere wrap streams' keys, by the API of AWS KMS; without it, the built-in one does",
    expected: 'a URL such as https://kms.eu-central-1.amazonaws.com',
    read: httpUrl,
  },
  kmsCredentials: {
    flag: 'kms-credentials',
    takes: '<file>',
    help: "AWS shared-credentials file for --kms, profile AWS_PROFILE; without it, the variables of AWS's SDKs",
    expected: 'a file',
    read: something,
  },
  cors: {
    flag: 'cors',
    takes: '<origins>',
    help: 'origins whose pages may use the server, by commas, or * (default: *; loopback ones where signatures are not verified)',
    expected: "'*' or origins such as https://app.example.com",
    read: (text) => (text === '*' || text.split(',').every(isOrigin) ? text : undefined),
  },
  console: {
    flag: 'console',
    takes: `<${consoleModes.join('|')}>`,
    help: 'the page at /console in which streams, users and keys are looked at and changed, or only looked at',
    expected: `one of ${consoleModes.join(', ')}`,
    read: (text) => consoleModes.find((mode) => mode === text),
  },
  tlsCertificate: {
    flag: 'tls-certificate',
    takes: '<file>',
    help: 'certificate for TLS and its chain, PEM; without it, a local authority makes one',
    expected: 'a file',
    read: something,
  },
  tlsKey: {
    flag: 'tls-key',
    takes: '<file>',
    help: 'key of that certificate, PEM; both files are read again when they change',
    expected: 'a file',
    read: something,
  },
  requireTls: {
    flag: 'require-tls',
    help: 'refuse requests that come over a port without TLS',
    expected: 'true or false',
    read: yesOrNo,
  },
  clientCa: {
    flag: 'client-ca',
    takes: '<file>',
    help: 'ask clients for a certificate by one of these authorities, PEM, revocation lists included (mutual TLS)',
    expected: 'a file',
    read: something,
  },
  clientCertificates: {
    flag: 'client-certificates',
    takes: '<required|optional>',
    help: 'whether every client of a port must show one (default: required, which implies --require-tls)',
    expected: 'required or optional',
    read: (text) => (text === 'required' || text === 'optional' ? text : undefined),
  },
  region: {
    flag: 'region',
    takes: '<name>',
    help: 'the only region served; without it, whichever a request is signed for',
    expected: 'the name of a region such as eu-central-1',
    read: (text) => (/^[a-z0-9-]{1,63}$/.test(text) ? text : undefined),
  },
  account: {
    flag: 'account',
    takes: '<digits>',
    help: 'account id in ARNs',
    expected: 'twelve digits',
    read: (text) => (/^\d{12}$/.test(text) ? text : undefined),
  },
  limits: {
    flag: 'limits',
    takes: '<aws|none>',
    help: 'whether to throttle as AWS does: 1 MiB/s and 1000 records/s into a shard, 2 MiB/s out of it',
    expected: 'aws or none',
    read: (text) => (text === 'aws' || text === 'none' ? text : undefined),
  },
  iteratorLifetime: {
    flag: 'iterator-lifetime',
    takes: '<seconds|none>',
    help: 'how long a shard iterator is good for; none: for ever',
    expected: 'a number from 1 to 31536000, or none',
    read: lifetime,
  },
  subscriptionLifetime: {
    flag: 'subscription-lifetime',
    takes: '<seconds|none>',
    help: 'after how long a subscription of SubscribeToShard ends; none: never',
    expected: 'a number from 1 to 31536000, or none',
    read: lifetime,
  },
  transitionDelay: {
    flag: 'transition-delay',
    takes: '<milliseconds>',
    help: 'how long a stream stays CREATING, UPDATING or DELETING',
    expected: 'a number from 0 to 3600000',
    read: (text) => wholeNumber(text, 3_600_000),
  },
  scalingWindow: {
    flag: 'scaling-window',
    takes: '<seconds>',
    help: 'over how long the load of on-demand streams is averaged before they are scaled',
    expected: 'a number from 1 to 86400',
    read: (text) => positiveNumber(text, 86_400),
  },
  scalingMemory: {
    flag: 'scaling-memory',
    takes: '<seconds>',
    help: 'how long a peak of load keeps an on-demand stream from shrinking',
    expected: 'a number from 1 to 31536000',
    read: (text) => positiveNumber(text, 31_536_000),
  },
  segmentBytes: {
    flag: 'segment-bytes',
    takes: '<bytes>',
    help: 'size at which a file of a stream is finished and another begun; retention frees whole files',
    expected: 'a number from 4096 to 1073741824',
    read: (text) => {
      const bytes = wholeNumber(text, 1024 ** 3);
      return bytes === undefined || bytes < 4096 ? undefined : bytes;
    },
  },
  ...archiveSettings,
  ...lambdaSettings,
  ...objectSettings,
  ...deliverySettings,
  ...kafkaSettings,
  ...metricsSettings,
  audit: {
    flag: 'audit',
    takes: '<on|off|directory>',
    help: 'whether control-plane calls and denials are recorded, or where (default: on, in audit/ of the data directory; off with --memory)',
    expected: 'on, off or a directory',
    read: something,
  },
  logLevel: {
    flag: 'log-level',
    takes: `<${logLevels.join('|')}>`,
    help: 'what is logged to stderr, as JSON lines',
    expected: `one of ${logLevels.join(', ')}`,
    read: (text) => (logLevels.includes(text as LogLevel) ? (text as LogLevel) : undefined),
  },
};

/** The MILLRACE_* variable of a flag. */
export function variableOf(flag: string): string {
  return `MILLRACE_${flag.toUpperCase().replaceAll('-', '_')}`;
}

function lifetime(text: string): number | 'none' | undefined {
  return text === 'none' ? text : positiveNumber(text, 31_536_000);
}

function positiveNumber(text: string, max: number): number | undefined {
  return wholeNumber(text, max) || undefined;
}

/** As a browser writes it (RFC 6454 §6.2). */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

/** `true` is what a flag or a variable says without a key (Kinesis API reference, StartStreamEncryption). */
function keyName(text: string): string | undefined {
  if (text === 'true') return 'alias/aws/kinesis';
  return /^[a-zA-Z0-9:/_-]{1,2048}$/.test(text) ? text : undefined;
}
