import { resolve } from 'node:path';
import { isSystemError } from '../../env/disk.ts';
import { nodeDisk } from '../../env/node-disk.ts';
import { StartError } from '../../env/start-error.ts';
import { readUserFile } from '../../env/user-file.ts';
import { createHttpClient } from '../../http/client.ts';
import type { AwsCalls } from '../../server/lambda/aws-calls.ts';
import { nodeEnv } from '../../server/node-env.ts';
import { defaultOptions } from '../../server/options.ts';
import { startServer } from '../../server/server.ts';
import { onlineAt, type Surroundings } from '../user/user-place.ts';
import { tableText } from '../user/user-text.ts';
import { type CodeFiles, findCode } from './found-code.ts';
import { callsOf, requireNear } from './function-place.ts';
import type { FunctionAction, FunctionRequest, RunRequest } from './function-request.ts';
import { invokeFunction } from './invoke-function.ts';
import { printOutput } from './printed-output.ts';
import { runFunction } from './run-function.ts';

export type FunctionWorld = {
  readonly surroundings: Surroundings;
  readonly say: (text: string) => void;
  /** Ends what would go on. */
  readonly signal: AbortSignal;
};

/**
 * Carries out a request about functions. Answers whether all went well: not when a function failed. Rejects
 * with `AwsError` for what is refused, and with `StartError` when it cannot be asked.
 */
export async function commandFunction(request: FunctionRequest, world: FunctionWorld): Promise<boolean> {
  if (request.kind === 'run') return await run(request, request.endpoint, world);
  const calls = await callsTo(request.endpoint, world);
  return await ask(request, calls, world);
}

async function ask(
  action: Exclude<FunctionAction, { kind: 'run' }>,
  calls: AwsCalls,
  world: FunctionWorld,
): Promise<boolean> {
  switch (action.kind) {
    case 'list':
      world.say(await listed(calls));
      return true;
    case 'invoke':
      return await invokeFunction(action, calls, world.say);
    case 'logs': {
      await printOutput(action.name, { ...world, calls, follows: action.follows });
      return true;
    }
  }
}

async function callsTo(named: string | undefined, { surroundings }: FunctionWorld): Promise<AwsCalls> {
  const { clock } = nodeEnv({ data: '.', logLevel: 'error' });
  const online = await onlineAt(named, surroundings, 'LAMBDA');
  return callsOf(online, createHttpClient({ timeoutMs, bodyBytesMax, keepAlive: true }), clock);
}

/** A call of a function takes 15 minutes at most, and may wait for its turn before. */
const timeoutMs = 30 * 60_000;
const bodyBytesMax = 16 * 1024 * 1024;

async function run(
  request: RunRequest,
  endpoint: string | undefined,
  world: FunctionWorld,
): Promise<boolean> {
  const { clock } = nodeEnv({ data: '.', logLevel: 'error' });
  const code = await findCode(resolve(request.path), request, filesOfMachine);
  const { variables } = world.surroundings;
  const named = endpoint ?? (variables['AWS_ENDPOINT_URL_LAMBDA'] || variables['AWS_ENDPOINT_URL']);
  if (named !== undefined && named !== '') {
    requireNear(named);
    await runFunction(request, code, { ...world, clock, calls: await callsTo(named, world) });
    return true;
  }
  // A server for this alone, which anybody on this machine may use meanwhile.
  await using server = await startServer({ ...defaultOptions, memory: true, logLevel: 'warn', workers: 0 });
  world.say(`A server in memory listens on ${server.url}: AWS_ENDPOINT_URL=${server.url}\n`);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const online = { endpoint: server.url, region: 'us-east-1', credentials, ca: undefined };
  const client = createHttpClient({ timeoutMs, bodyBytesMax, keepAlive: true });
  await runFunction(request, code, { ...world, clock, calls: callsOf(online, client, clock) });
  return true;
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
