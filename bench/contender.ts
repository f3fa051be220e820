import { dirname, join } from 'node:path';
import { findTool } from '../harness/namespace.ts';
import { nodeStart, startedProgram } from '../harness/start-script.ts';
import { shimObstacle, troubleSyncs } from '../harness/sync-shim.ts';
import type { GatewayCluster } from './kafka/brokers.ts';
import type { Place } from './workshop.ts';

/** A server that takes part: how it is started, and what its answers are worth. */
export type Contender = {
  readonly name: string;
  readonly title: string;
  /** What is true when it answers a put. */
  readonly promise: string;
  readonly readsBack?: true;
  /** It gets 2 GB: what keeps all of it in memory does not take part. */
  readonly isFilled?: true;
  readonly isPeer?: true;
  /** It takes part in fewer rounds: one of its turns takes longer than a round of the others. */
  readonly isSlow?: true;
  /** It does what the others are not asked for: fan-out, and streams of many shards. */
  readonly isMeasuredAlone?: true;
  /** It takes part in nothing else: tables are DynamoDB's. */
  readonly isOnlyFor?: 'PutRecord' | 'tables';
  /** Why it cannot take part on this machine. */
  obstacle?(): string | undefined;
  /** Arguments for Node. Both ports are free; the directory is new and empty but for `credentials`. */
  start(place: { port: number; sparePort: number; directory: string }): Start;
};

export type Start = {
  /** What runs it, unless it is the benchmark's own Node. */
  readonly node?: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** On the core of servers, unless it says. */
  readonly place?: Place;
};

const here = import.meta.dirname;
const packages = join(here, 'peers', 'node_modules');
const kinesalite = join(packages, 'kinesalite', 'cli.js');
const kinesaliteFlags = ['--shardLimit', '100', '--createStreamMs', '0', '--deleteStreamMs', '0'];
const kinesisLocal = join(packages, 'kinesis-local', 'main.js');
// On Node 26 kinesis-local 0.6.2 stops reading in the middle of large bodies and gives up after a minute.
const node24 = join(packages, `node-linux-${process.arch}`, 'bin', 'node');
// As `npm start` and the installed command start it.
const millrace = [...nodeStart.flags, startedProgram, 'serve', '--limits', 'none'];

const onDisk = ({ port, directory }: { port: number; directory: string }) => ({
  env: nodeStart.env,
  args: [
    ...millrace,
    '--port',
    String(port),
    '--credentials',
    `${directory}/credentials`,
    '--data',
    `${directory}/data`,
  ],
});

/**
 * Anyone may call it, and functions need no role that lets them read. Their processes have all cores, and so
 * has it: they are not to be one program on one core.
 */
export const openMillrace: Contender = {
  name: 'millrace',
  title: 'Millrace, open',
  promise: 'no signature, fsync before the answer',
  start: ({ port, directory }) => ({
    env: nodeStart.env,
    place: 'everywhere',
    args: [...millrace, '--port', String(port), '--data', `${directory}/data`],
  }),
};

/** In the order in which they run; every other round runs backwards. */
export const contenders: readonly Contender[] = [
  {
    name: 'millrace',
    title: 'Millrace',
    promise: 'signature verified, fsync before the answer',
    readsBack: true,
    isFilled: true,
    isMeasuredAlone: true,
    start: onDisk,
  },
  {
    name: 'millrace-unsynced',
    title: 'Millrace, fsync shammed',
    promise: 'the same program with a library under it whose fsync does nothing',
    isOnlyFor: 'PutRecord',
    obstacle: shimObstacle,
    start: (place) => ({
      ...onDisk(place),
      env: { ...nodeStart.env, ...troubleSyncs(place.directory, { lies: true }) },
    }),
  },
  {
    name: 'kinesalite',
    title: 'kinesalite',
    promise: 'no signature, in memory',
    readsBack: true,
    isPeer: true,
    start: ({ port }) => ({ args: [kinesalite, '--port', String(port), ...kinesaliteFlags] }),
  },
  {
    name: 'kinesalite-path',
    title: 'kinesalite --path',
    promise: 'no signature, LevelDB without fsync',
    readsBack: true,
    isPeer: true,
    start: ({ port, directory }) => ({
      args: [kinesalite, '--port', String(port), '--path', `${directory}/data`, ...kinesaliteFlags],
    }),
  },
  {
    name: 'kinesis-local',
    title: 'kinesis-local',
    promise: 'no signature, in memory, on Node 24',
    readsBack: true,
    isPeer: true,
    isSlow: true,
    start: ({ port, sparePort }) => ({
      node: node24,
      args: [kinesisLocal],
      // It looks for its certificate in the directory it is started in.
      cwd: dirname(kinesisLocal),
      env: {
        KINESIS_MOCK_PLAIN_PORT: String(port),
        KINESIS_MOCK_TLS_PORT: String(sparePort),
        CREATE_STREAM_DURATION: '0ms',
        LOG_LEVEL: 'ERROR',
      },
    }),
  },
  {
    name: 'millrace-memory',
    title: 'Millrace --memory',
    promise: 'signature verified, in memory',
    readsBack: true,
    start: ({ port, directory }) => ({
      env: nodeStart.env,
      args: [...millrace, '--port', String(port), '--credentials', `${directory}/credentials`, '--memory'],
    }),
  },
  {
    name: 'moto',
    title: 'moto_server',
    promise: 'no signature, in memory',
    isOnlyFor: 'tables',
    obstacle: () => (findTool('moto_server') === undefined ? 'moto_server is not installed' : undefined),
    start: ({ port }) => ({ node: 'moto_server', args: ['-H', '127.0.0.1', '-p', String(port)] }),
  },
  {
    name: 'naive',
    title: 'naive durable server',
    promise: 'no signature, fsync before the answer',
    start: ({ port, directory }) => ({
      args: [join(here, 'servers', 'naive.ts'), String(port), `${directory}/log`],
    }),
  },
  {
    name: 'bare',
    title: 'bare node:http',
    promise: 'body read and hashed, nothing kept',
    start: ({ port }) => ({ args: [join(here, 'servers', 'bare.ts'), String(port)] }),
  },
  {
    name: 'empty',
    title: 'empty node:http',
    promise: 'a constant, whatever was asked',
    start: ({ port }) => ({ args: [join(here, 'servers', 'empty.ts'), String(port)] }),
  },
];

/** Millrace with every stream encrypted, under a key of its own KMS. */
export const encryptedMillrace: Contender = {
  name: 'millrace-encrypted',
  title: 'Millrace, encrypted',
  promise: 'the same, and encrypted before it is written',
  start(place) {
    const { args, env } = onDisk(place);
    return { env, args: [...args, '--encrypt'] };
  },
};

/** A gateway of a cluster on Kafka. */
export function gatewayOf({ name, rootKey, brokers }: GatewayCluster): Contender {
  return {
    name: 'millrace-kafka',
    title: 'Millrace on Kafka',
    promise: 'signature verified, at two of three brokers at least before the answer',
    start(place) {
      const { args, env } = onDisk(place);
      const kafka = ['--engine', 'kafka', '--brokers', brokers.bootstrap, '--cluster', name, '--rack', 'az1'];
      return { env, args: [...args, ...kafka, '--root-key', `file:${rootKey}`] };
    },
  };
}

/** Answers every request for records with the bytes of a file. */
export function staticServer(path: string): Contender {
  return {
    name: 'static',
    title: 'static node:http',
    promise: 'the bytes of one page, always the same',
    start: ({ port }) => ({ args: [join(here, 'servers', 'static.ts'), String(port), path] }),
  };
}
