import type { Millis } from '../env/clock.ts';

import { type ArchiveOptions, defaultArchiveOptions } from './archive-options.ts';
import { type DeliveryOptions, defaultDeliveryOptions } from './delivery-options.ts';

import { defaultKafkaOptions, type KafkaOptions } from './kafka-options.ts';
import { defaultLambdaOptions, type LambdaOptions } from './lambda-options.ts';
import { defaultMetricsOptions, type MetricsOptions } from './metrics-options.ts';
import { defaultObjectOptions, type ObjectOptions } from './object-options.ts';

/**
 * The options of a server. Each has a flag, a MILLRACE_* variable and a name in a config file: see
 * settings.ts.
 */
export type ServerOptions = PartsOptions & {
  readonly host: string;
  /** 0 asks for any free port; `none` is a server that only the listeners in `listen` lead to. */
  readonly port: number | 'none';
  /** More listeners, `NAME=ADDRESS:PORT` or `NAME=unix:/path`, by commas. Policies see their names. */
  readonly listen: string | undefined;
  /** The data directory of the embedded engine. */
  readonly data: string;
  /**
   * Where streams and journals are: in the data directory, nowhere but in memory, or in the topics of a Kafka
   * cluster, where any number of servers share them.
   */
  readonly engine: EngineName;
  /** The same as `engine: 'memory'`, whatever `engine` says; `data` is then not touched. */
  readonly memory: boolean;
  /**
   * How many threads take requests besides the first one. `auto`: workers are started while the threads that
   * there are have no time left and a core is free, and end when it is quiet. Undefined: `auto` for the
   * command, none in a program.
   */
  readonly workers: number | 'auto' | undefined;
  /**
   * Whether callers have to prove who they are: their signatures are verified, or only have to be
   * well-formed. Undefined: they are verified with credentials, with a root user, and on other addresses than
   * loopback.
   */
  readonly auth: 'required' | 'open' | undefined;
  /** Path of an AWS shared-credentials file, whose profiles may call. */
  readonly credentials: string | undefined;
  /**
   * Where the keys are that all secrets of the data directory are wrapped with: `file:PATH`, `env:NAME` or
   * `command:COMMAND`. Undefined: the file `root-key` of the data directory, made when it is missing; on
   * Kafka it has to be said, because all servers of a cluster need the same.
   */
  readonly rootKey: string | undefined;
  /** The KMS key that new streams are encrypted with: an id, an ARN or an alias. Undefined for none. */
  readonly encrypt: string | undefined;
  /** The URL of a KMS that wraps data keys. Undefined for the built-in one. */
  readonly kms: string | undefined;
  /** Path of an AWS shared-credentials file for that KMS. Undefined: the variables that AWS's SDKs read. */
  readonly kmsCredentials: string | undefined;
  /**
   * The origins whose pages may use the server, by commas, or `*`. Undefined: all where signatures are
   * verified, else those of this machine.
   */
  readonly cors: string | undefined;
  /** Whether there is a page at `/console`, and whether it may change something. */
  readonly console: ConsoleMode;
  /**
   * Path of the PEM certificate to show over TLS, with its chain. Without one, a local authority makes one.
   */
  readonly tlsCertificate: string | undefined;
  /** Path of its PEM key; given if and only if the certificate is. */
  readonly tlsKey: string | undefined;
  /** Whether requests that come over a port without TLS are refused. */
  readonly requireTls: boolean;
  /**
   * Path of PEM certificates whose holders certify clients, and of their revocation lists. Without it,
   * clients are not asked for certificates.
   */
  readonly clientCa: string | undefined;
  /** Whether every client of a port must show one (undefined: yes), or may. */
  readonly clientCertificates: 'required' | 'optional' | undefined;
  /** The only region served; undefined serves whichever region a request is signed for. */
  readonly region: string | undefined;
  readonly account: string;
  /** Whether AWS's throughput limits are enforced. */
  readonly limits: 'aws' | 'none';
  /** For how many seconds a shard iterator is good: AWS's 300, or for ever. */
  readonly iteratorLifetime: number | 'none';
  /** After how many seconds a subscription of SubscribeToShard ends: AWS's 300, or never. */
  readonly subscriptionLifetime: number | 'none';
  readonly logLevel: LogLevel;
  /**
   * Whether calls of the control plane and denials are recorded: `on`, in the data directory; `off`; or the
   * path of a directory for it. Undefined: `on`, and `off` with the memory engine.
   */
  readonly audit: string | undefined;
  /** How long a stream stays CREATING, UPDATING or DELETING. */
  readonly transitionDelay: Millis;
  /** Over how many seconds the load of on-demand streams is averaged. */
  readonly scalingWindow: number;
  /** For how many seconds peaks of that load keep an on-demand stream from shrinking. */
  readonly scalingMemory: number;
  /**
   * A file of a stream that reaches this size is finished, and another begun: retention frees whole files.
   */
  readonly segmentBytes: number;
};

/** Those that files of their own say. */
type PartsOptions = KafkaOptions &
  LambdaOptions &
  ObjectOptions &
  DeliveryOptions &
  ArchiveOptions &
  MetricsOptions;

/** As flags name them. */
export const engineNames = ['embedded', 'memory', 'kafka'] as const;

export type EngineName = (typeof engineNames)[number];

/** What options come to. */
export function engineOf({ engine, memory }: Pick<ServerOptions, 'engine' | 'memory'>): EngineName {
  return memory ? 'memory' : engine;
}

export type ConsoleMode = (typeof consoleModes)[number];

/** As flags name them. */
export const consoleModes = ['on', 'read-only', 'off'] as const;

export type LogLevel = (typeof logLevels)[number];

/** The owner cannot keep up with more. */
export const workersMax = 64;

/** From the most said to nothing said. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export const defaultOptions: ServerOptions = {
  ...defaultKafkaOptions,
  ...defaultLambdaOptions,
  ...defaultObjectOptions,
  ...defaultDeliveryOptions,
  ...defaultArchiveOptions,
  ...defaultMetricsOptions,
  engine: 'embedded',
  host: '127.0.0.1',
  port: 4567,
  listen: undefined,
  data: './millrace-data',
  memory: false,
  workers: undefined,
  auth: undefined,
  credentials: undefined,
  rootKey: undefined,
  encrypt: undefined,
  kms: undefined,
  kmsCredentials: undefined,
  cors: undefined,
  console: 'on',
  tlsCertificate: undefined,
  tlsKey: undefined,
  requireTls: false,
  clientCa: undefined,
  clientCertificates: undefined,
  region: undefined,
  account: '000000000000',
  limits: 'aws',
  iteratorLifetime: 300,
  subscriptionLifetime: 300,
  logLevel: 'info',
  audit: undefined,
  transitionDelay: 100,
  scalingWindow: 900,
  scalingMemory: 30 * 24 * 3600,
  segmentBytes: 64 * 1024 * 1024,
};
