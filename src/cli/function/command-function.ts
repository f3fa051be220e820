import { resolve } from 'node:path';
import { isSystemError } from '../../env/disk.ts';
import { nodeDisk } from '../../env/node-disk.ts';
import { StartError } from '../../env/start-error.ts';
import { readUserFile } from '../../env/user-file.ts';
import { defaultOptions } from '../../server/options.ts';
import { startServer } from '../../server/server.ts';
import { type AwsCalls, callsAt, type PlaceOptions } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { serverAt } from '../online.ts';
import { callsOf } from '../online-calls.ts';
import { sayOn } from '../status-line.ts';
import { tableText } from '../user/user-text.ts';
import { type CodeFiles, findCode } from './found-code.ts';
import type { FunctionRequest, RunRequest } from './function-request.ts';
import { invokeFunction } from './invoke-function.ts';
import { requireNear } from './near-server.ts';
import { printOutput } from './printed-output.ts';
import { runFunction } from './run-function.ts';

/**
 * Carries out a request about functions; answers the exit code: 1 when a function failed. A signal ends what
 * would go on: a function that runs is then removed. Rejects with `AwsError` for what is refused, and with
 * `StartError` when it cannot be asked.
 */
export async function commandFunction(request: FunctionRequest, world: CommandWorld): Promise<number> {
  const say = sayOn(world.out);
  if (request.kind === 'run') {
    await run(request, world);
    return 0;
  }
  const calls = await callsAt(request, world, 'lambda', sending);
  switch (request.kind) {
    case 'list':
      say(await listed(calls));
      return 0;
    case 'invoke':
      return (await invokeFunction(request, calls, say)) ? 0 : 1;
    case 'logs':
      await printOutput(request.name, { calls, say, signal: world.signal, follows: request.follows });
      return 0;
  }
}

/** A call of a function takes 15 minutes at most, and may wait for its turn before. */
const sending = { timeoutMs: 30 * 60_000 };

async function run(request: RunRequest & PlaceOptions, world: CommandWorld): Promise<void> {
  const code = await findCode(resolve(request.path), request, filesOfMachine);
  const { surroundings, clock, client, signal } = world;
  const running = { clock, signal, say: sayOn(world.out) };
  const { variables } = surroundings;
  if (request.endpoint ?? (variables['AWS_ENDPOINT_URL_LAMBDA'] || variables['AWS_ENDPOINT_URL'])) {
    requireNear((await serverAt(request.endpoint, surroundings, 'lambda')).endpoint);
    const calls = await callsAt(request, world, 'lambda', sending);
    return await runFunction(request, code, { ...running, calls });
  }
  // A server for this alone, which anybody on this machine may use meanwhile.
  await using server = await startServer({ ...defaultOptions, memory: true, logLevel: 'warn', workers: 0 });
  running.say(`A server in memory listens on ${server.url}: AWS_ENDPOINT_URL=${server.url}\n`);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const online = { endpoint: server.url, region: 'us-east-1', credentials, ca: undefined };
  await runFunction(request, code, { ...running, calls: callsOf(online, client, clock, sending) });
}

const filesOfMachine: CodeFiles = {
  async list(folder) {
    try {
      return await nodeDisk(folder).list('.');
    } catch (error) {
      if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR')) return undefined;
      throw new StartError(`cannot read ${folder}: ${(error as Error).message}`, { cause: error });
    }
  },
  read: async (path) => String(await readUserFile(path)),
};

type Configuration = {
  readonly FunctionName: string;
  readonly Runtime?: string;
  readonly Handler?: string;
  readonly MemorySize: number;
  readonly Timeout: number;
  readonly LastModified: string;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
};

async function listed(calls: AwsCalls): Promise<string> {
  const functions = await calls.lambdaItems<Configuration>('/2015-03-31/functions/', 'Functions');
  const rows = functions.map(rowOf);
  if (rows.length === 0) return 'There are no functions.\n';
  return tableText([['NAME', 'RUNTIME', 'HANDLER', 'MEMORY', 'TIMEOUT', 'CHANGED', 'CODE'], ...rows]);
}

function rowOf(each: Configuration): string[] {
  const { Variables: variables = {} } = each.Environment ?? {};
  const place = ['MILLRACE_CODE_FOLDER', 'MILLRACE_INVOKE_URL', 'MILLRACE_WEBHOOK_URL'];
  const code = place.map((name) => variables[name]).find((value) => value !== undefined) ?? 'zip';
  return [
    ...[each.FunctionName, each.Runtime ?? '-', each.Handler ?? '-', `${each.MemorySize} MB`],
    ...[`${each.Timeout} s`, each.LastModified, code],
  ];
}
