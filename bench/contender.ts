import { dirname, join } from 'node:path';

/** A server that takes part: how it is started, and what its answers are worth. */
export type Contender = {
  readonly name: string;
  readonly title: string;
  /** What is true when it answers a put. */
  readonly promise: string;
  readonly readsBack: boolean;
  /** It gets 2 GB: what keeps all of it in memory does not take part. */
  readonly isFilled: boolean;
  readonly isPeer: boolean;
  /** It takes part in fewer rounds: one of its turns takes longer than a round of the others. */
  readonly isSlow: boolean;
  /** It does what the others are not asked for: fan-out, and streams of many shards. */
  readonly isMeasuredAlone: boolean;
  /** Arguments for Node. Both ports are free; the directory is new and empty but for `credentials`. */
  start(place: { port: number; sparePort: number; directory: string }): Start;
};

export type Start = {
  /** The Node to run on, unless it is the benchmark's own. */
  readonly node?: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
};

const here = import.meta.dirname;
const packages = join(here, 'peers', 'node_modules');
const kinesalite = join(packages, 'kinesalite', 'cli.js');
const kinesaliteFlags = ['--shardLimit', '100', '--createStreamMs', '0', '--deleteStreamMs', '0'];
const kinesisLocal = join(packages, 'kinesis-local', 'main.js');
// On Node 26 kinesis-local 0.6.2 stops reading in the middle of large bodies and gives up after a minute.
const node24 = join(packages, `node-linux-${process.arch}`, 'bin', 'node');
// As `npm start` and the installed command start it.
const millrace = [
  '--max-semi-space-size=8',
  join(dirname(here), 'src', 'server', 'main.ts'),
  'serve',
  '--limits',
  'none',
];

/** In the order in which they run; every other round runs backwards. */
export const contenders: readonly Contender[] = [
  {
    name: 'millrace',
    title: 'Millrace',
    promise: 'signature verified, fsync before the answer',
    readsBack: true,
    isFilled: true,
    isPeer: false,
    isSlow: false,
    isMeasuredAlone: true,
    start: ({ port, directory }) => ({
      args: [
        ...millrace,
        '--port',
        String(port),
        '--credentials',
        `${directory}/credentials`,
        '--data',
        `${directory}/data`,
      ],
    }),
  },
  {
    name: 'kinesalite',
    title: 'kinesalite',
    promise: 'no signature, in memory',
    readsBack: true,
    isFilled: false,
    isPeer: true,
    isSlow: false,
    isMeasuredAlone: false,
    start: ({ port }) => ({ args: [kinesalite, '--port', String(port), ...kinesaliteFlags] }),
  },
  {
    name: 'kinesalite-path',
    title: 'kinesalite --path',
    promise: 'no signature, LevelDB without fsync',
    readsBack: true,
    isFilled: false,
    isPeer: true,
    isSlow: false,
    isMeasuredAlone: false,
    start: ({ port, directory }) => ({
      args: [kinesalite, '--port', String(port), '--path', `${directory}/data`, ...kinesaliteFlags],
    }),
  },
  {
    name: 'kinesis-local',
    title: 'kinesis-local',
    promise: 'no signature, in memory, on Node 24',
    readsBack: true,
    isFilled: false,
    isPeer: true,
    isSlow: true,
    isMeasuredAlone: false,
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
    isFilled: false,
    isPeer: false,
    isSlow: false,
    isMeasuredAlone: false,
    start: ({ port, directory }) => ({
      args: [...millrace, '--port', String(port), '--credentials', `${directory}/credentials`, '--memory'],
    }),
  },
  {
    name: 'naive',
    title: 'naive durable server',
    promise: 'no signature, fsync before the answer',
    readsBack: false,
    isFilled: false,
    isPeer: false,
    isSlow: false,
    isMeasuredAlone: false,
    start: ({ port, directory }) => ({
      args: [join(here, 'servers', 'naive.ts'), String(port), `${directory}/log`],
    }),
  },
  {
    name: 'bare',
    title: 'bare node:http',
    promise: 'body read and hashed, nothing kept',
    readsBack: false,
    isFilled: false,
    isPeer: false,
    isSlow: false,
    isMeasuredAlone: false,
    start: ({ port }) => ({ args: [join(here, 'servers', 'bare.ts'), String(port)] }),
  },
];
