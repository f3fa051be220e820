import { availableParallelism } from 'node:os';
import { detached } from '../env/detached.ts';
import { readCommandLine } from './command-line.ts';
import { failureLine } from './failure.ts';
import { bugExitCode, outliveRejections } from './last-resort.ts';
import { nodeEnv } from './node-env.ts';
import type { OfflineRequest } from './offline/offline-command.ts';
import { defaultOptions, frontsMax, type ServerOptions } from './options.ts';
import { pinoLogger } from './pino-logger.ts';
import { type Server, startServer } from './server.ts';
import { StartError } from './start-error.ts';
import { readUserFile } from './user-file.ts';
import { version } from './version.ts';

/** The command: serves until it is told to end, or says in one line why it cannot. */
export async function main(): Promise<void> {
  let options = defaultOptions;
  try {
    const request = await readCommandLine(process.argv.slice(2), {
      variables: process.env,
      readFile: async (path) => String(await readUserFile(path)),
    });
    if ('show' in request) {
      process.stdout.write(request.show);
      return;
    }
    if ('offline' in request) {
      await look(request.offline);
      return;
    }
    options = { ...request.serve, fronts: request.serve.fronts ?? frontsFor(request.serve) };
    outliveRejections(pinoLogger(options.logLevel));
    // An exception has torn something in the middle. A front's ends the process by itself.
    process.on('uncaughtException', (error) => fail(error, options, bugExitCode));
    const server = await startServer(options);
    endOnSignal(server, options);
    announce(server, options);
  } catch (error) {
    fail(error, options);
  }
}

/** What is kept nowhere is for tests, which rather have the cores for themselves. */
function frontsFor({ memory }: ServerOptions): number {
  return memory ? 1 : Math.min(availableParallelism(), frontsMax);
}

/** Progress goes where somebody may be looking, and is gone in the end. A server that starts need not load all this. */
async function look(request: OfflineRequest): Promise<void> {
  const { runOffline } = await import('./offline/offline.ts');
  const { isTTY } = process.stderr;
  const onProgress = (path: string, bytes: number) => {
    if (isTTY) process.stderr.write(`\r\x1b[K${path} (${bytes.toLocaleString('en')} bytes)`);
  };
  try {
    const outcome = await runOffline(request, (data) => nodeEnv({ data, logLevel: 'error' }), onProgress);
    process.stdout.write(outcome.text);
    process.exitCode = outcome.exitCode;
  } catch (error) {
    // 1 is for damage that was found.
    const line = failureLine(error, { ...defaultOptions, data: request.directory });
    throw new StartError(line, { cause: error });
  } finally {
    if (isTTY) process.stderr.write('\r\x1b[K');
  }
}

/** The first line is for whoever waits for the server: it answers from now on. */
function announce({ url }: Server, { memory, data, credentials, region, limits }: ServerOptions): void {
  const facts = [
    memory ? 'in memory' : `data in ${data}`,
    region ?? 'any region',
    limits === 'aws' ? 'limits as AWS has them' : 'no limits',
  ];
  console.log(`Millrace ${version} listens on ${url} (${facts.join(', ')})`);
  if (credentials === undefined) {
    console.log('No --credentials: it accepts any well-formed signature; loopback only.');
  }
}

function endOnSignal(server: Server, options: ServerOptions): void {
  let ending = false;
  const close = async () => {
    await server.close();
    process.exit(0);
  };
  const end = (_signal: NodeJS.Signals, number: number) => {
    if (ending) process.exit(128 + number);
    ending = true;
    detached(close(), (error) => fail(error, options));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

/** 2 for what the user can put right in the command, 1 for the rest of what the world does. */
function fail(error: unknown, options: ServerOptions, exitCode = error instanceof StartError ? 2 : 1): never {
  console.error(`millrace: ${failureLine(error, options)}`);
  if (options.logLevel === 'debug') console.error(error);
  process.exit(exitCode);
}
