import { setEngineFlag } from '../env/node-machine.ts';
import type { NodeSignals } from '../env/node-signals.ts';
import { nodeWorkers } from '../env/node-workers.ts';
import { StartError } from '../env/start-error.ts';
import { readUserFile } from '../env/user-file.ts';
import { placeText } from '../http/places.ts';
import { bugExitCode, outliveRejections } from '../server/last-resort.ts';
import { nodeEnv } from '../server/node-env.ts';
import { defaultOptions, engineOf, type LogLevel, type ServerOptions } from '../server/options.ts';
import { pinoLogger } from '../server/pino-logger.ts';
import { type Server, startServer } from '../server/server.ts';
import { settings } from '../server/settings.ts';
import { version } from '../server/version.ts';
import { type CommandLine, readCommandLine } from './command-line.ts';
import type { Run } from './command-world.ts';
import { failureLine } from './failure.ts';
import { unknownVariables } from './load-options.ts';

/** The command: serves until it is told to end, or says in one line why it cannot. */
export async function main(signals: NodeSignals): Promise<void> {
  // The reader of the output may go away, or its disk be full. That is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  let options = defaultOptions;
  try {
    const request = await readCommand();
    if ('show' in request) {
      process.stdout.write(request.show);
      return;
    }
    if ('run' in request) {
      await run(request.run, signals);
      return;
    }
    // A server in memory is for tests, which need the cores for themselves.
    const { workers = request.serve.memory ? 0 : 'auto' } = request.serve;
    options = { ...request.serve, workers };
    outliveRejections(pinoLogger(options.logLevel));
    // An exception may have left work half done. An exception of a worker ends the process by itself.
    process.on('uncaughtException', (error) => fail(error, options, bugExitCode));
    const heap = heapOfWorkers(process.execArgv, workers === 'auto' ? nodeWorkers.coresMax - 1 : workers);
    if (heap !== undefined) setEngineFlag(heap);
    const server = await startServer(options);
    signals.obey({ end: () => end(server, options), reload: () => reload(server, request.serve) });
    announce(server, options);
  } catch (error) {
    fail(error, options);
  }
}

/** Carries out another command. Signals end it as `CommandWorld` has it. */
async function run(command: Run, signals: NodeSignals): Promise<void> {
  const { createHttpClient } = await import('../http/client.ts');
  const { nodeKeys } = await import('../env/node-keys.ts');
  const { NodeOutput } = await import('../env/node-output.ts');
  const ending = new AbortController();
  let isAsked = false;
  const { clock, random } = nodeEnv({ data: '.', logLevel: 'error' });
  const exitCode = await command({
    ...{ surroundings, clock, random, keys: nodeKeys },
    client: createHttpClient({ timeoutMs: 60_000, bodyBytesMax, keepAlive: true }),
    out: new NodeOutput(process.stdout, process.env),
    progress: new NodeOutput(process.stderr, process.env),
    input: () => process.stdin,
    inputIsTerminal: process.stdin.isTTY === true,
    get signal() {
      if (!isAsked) signals.obey({ end: async () => ending.abort(), reload: async () => {} });
      isAsked = true;
      return ending.signal;
    },
  });
  process.exit(exitCode);
}

/** A page of 10 MiB in base64, with room for what is between. */
const bodyBytesMax = 32 * 1024 * 1024;

function readCommand(): Promise<CommandLine> {
  return readCommandLine(process.argv.slice(2), surroundings);
}

const surroundings = {
  variables: process.env,
  readFile: async (path: string) => String(await readUserFile(path)),
};

/**
 * The flag of V8 for threads that are started from now on, if this one was started with it: garbage that each
 * of them lets lie is their share of what a server with one thread lets lie. Flags are the process's, so this
 * is for the command, not for a program with a server in it.
 */
export function heapOfWorkers(flags: readonly string[], workers: number): string | undefined {
  const mebibytes = flags.find((flag) => flag.startsWith(oldSpaceFlag))?.slice(oldSpaceFlag.length);
  if (mebibytes === undefined || workers === 0) return undefined;
  return `${oldSpaceFlag}${Math.max(oldSpaceMin, Math.ceil(Number(mebibytes) / (workers + 1)))}`;
}

const oldSpaceFlag = '--initial-old-space-size=';
/** A worker's heap has 14 MiB when nothing is asked of it. */
const oldSpaceMin = 32;

/**
 * The one line on stdout is for programs that wait for the server: it answers from now on. Before it stands
 * the key of a root user that was made. Everything else goes to the log.
 */
function announce({ url, endpoints, rootUser, isSigned }: Server, options: ServerOptions): void {
  const { region, limits, logLevel } = options;
  const facts = [
    whereText(options),
    region ?? 'any region',
    limits === 'aws' ? 'limits as AWS has them' : 'no limits',
  ];
  if (rootUser !== undefined) {
    const { account, accessKeyId, secretAccessKey } = rootUser;
    console.log(`The root user of account ${account} was made. Its access key is shown here once:`);
    console.log(`[root]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}`);
  }
  if (options.console !== 'off' && options.port !== 'none') facts.push(`console at ${url}/console/`);
  const named = endpoints.filter(({ name }) => name !== undefined).map(placeText);
  const places = [...(options.port === 'none' ? [] : [url]), ...named];
  console.log(`Millrace ${version} listens on ${places.join(' and ')} (${facts.join(', ')})`);
  const logger = pinoLogger(logLevel);
  for (const sentence of unknownVariables(process.env)) logger.warn(sentence);
  if (!isSigned) logger.info('every well-formed signature is accepted, on loopback only');
}

function whereText(options: ServerOptions): string {
  const engine = engineOf(options);
  if (engine === 'kafka') return `cluster ${options.cluster} on Kafka`;
  return engine === 'memory' ? 'in memory' : `data in ${options.data}`;
}

async function end(server: Server, options: ServerOptions): Promise<void> {
  try {
    await server.close();
    process.exit(0);
  } catch (error) {
    fail(error, options);
  }
}

/** Reads the files again. The configuration of now is compared with `before`, that of the start. */
async function reload(server: Server, before: ServerOptions): Promise<void> {
  const now = await optionsNow(before.logLevel);
  await server.reload(now && { logLevel: now.logLevel });
  const logger = pinoLogger((now ?? before).logLevel);
  for (const [name, { flag }] of Object.entries(settings) as [keyof ServerOptions, { flag: string }][]) {
    if (now === undefined || name === 'logLevel' || now[name] === before[name]) continue;
    logger.warn(`${flag} was changed in the configuration, which takes a restart`);
  }
  logger.info('looked for a new certificate, new credentials and a new log level');
}

/** Undefined, with a line in the log, when the configuration cannot be used any more. */
async function optionsNow(logLevel: LogLevel): Promise<ServerOptions | undefined> {
  try {
    const request = await readCommand();
    return 'serve' in request ? request.serve : undefined;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    pinoLogger(logLevel).error('the new configuration is of no use, the old one stays', { error });
    return undefined;
  }
}

/** 2 for what the user can put right in the command, 1 for all other failures. */
function fail(error: unknown, options: ServerOptions, exitCode = error instanceof StartError ? 2 : 1): never {
  console.error(`millrace: ${failureLine(error, options)}`);
  if (options.logLevel === 'debug') console.error(error);
  process.exit(exitCode);
}
