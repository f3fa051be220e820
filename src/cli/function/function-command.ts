import { Command } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { type PlaceOptions, placeHelpOf, withPlace } from '../aws-place.ts';
import type { FunctionAction, FunctionRequest, RunRequest } from './function-request.ts';

/** The command `function`. `asked` is told what is asked for; what makes no sense is a `StartError`. */
export function functionCommand(asked: (request: FunctionRequest) => void): Command {
  const functions = new Command('millrace function')
    .description('Functions of Lambda: one of yours on a stream, and those that there are.')
    .helpOption('-h, --help', 'show this')
    .helpCommand(false)
    .addHelpText('after', helpText)
    .exitOverride();
  const command = (name: string, description: string): Command => {
    const made = functions.command(name).description(description).helpOption('-h, --help', 'show this');
    return withPlace(made).exitOverride().copyInheritedSettings(functions);
  };
  const ask = (action: FunctionAction, { endpoint, profile }: PlaceOptions) =>
    asked({ ...action, endpoint, profile });
  describeRun(command('run', 'run a folder, or a file, with the records of a stream, until Ctrl-C'), ask);
  command('list', 'the functions that there are').action((options: PlaceOptions) =>
    ask({ kind: 'list' }, options),
  );
  command('invoke', 'call a function, and print what it answers')
    .argument('<name>', 'its name, or name:alias')
    .option('--payload <json>', 'the event, or @FILE with it', '{}')
    .option('--log', 'print the end of what it wrote, too')
    .option('--event', 'do not wait for the answer')
    .action((name: string, options: InvokeOptions) =>
      ask({ kind: 'invoke', name, ...invocationOf(options) }, options),
    );
  command('logs', 'what a function has written lately')
    .argument('<name>')
    .option('--follow', 'go on with what it writes')
    .action((name: string, options: PlaceOptions & { readonly follow?: boolean }) =>
      ask({ kind: 'logs', name, follows: options.follow ?? false }, options),
    );
  return functions;
}

type InvokeOptions = PlaceOptions & {
  readonly payload: string;
  readonly log?: boolean;
  readonly event?: boolean;
};

function invocationOf({ payload, log = false, event = false }: InvokeOptions) {
  return { payload, showsLog: log, isEvent: event };
}

type RunOptions = PlaceOptions & {
  readonly stream: string;
  readonly handler?: string;
  readonly runtime?: string;
  readonly name?: string;
  readonly batchSize?: string;
  readonly role?: string;
  readonly from: string;
  readonly timeout: string;
  readonly env?: readonly string[];
};

function describeRun(command: Command, ask: (action: FunctionAction, options: PlaceOptions) => void): void {
  command
    .argument('<path>', 'a folder, or the file with the handler; a project of the Serverless Framework, too')
    .requiredOption('--stream <name>', 'the stream to read; made when it is missing')
    .option('--handler <name>', 'file and export, index.handler for example (default: found out)')
    .option('--runtime <name>', 'nodejs24.x, python3.13, provided.al2023 … (default: found out)')
    .option('--name <name>', 'what to call the function (default: after the folder)')
    .option('--batch-size <number>', 'the most records of a call (default: 100)')
    .option('--role <arn>', 'its execution role; needed where signatures are verified')
    .option(
      '--from <latest|start>',
      'begin with what is put from now on, or with all that is there',
      'latest',
    )
    .option('--timeout <seconds>', 'the most that a call may take', '30')
    .option(
      '--env <name=value>',
      'a variable of its environment; may be given again',
      (text, all: string[] = []) => [...all, text],
    )
    .action((path: string, options: RunOptions) => ask({ kind: 'run', ...runOf(path, options) }, options));
}

function runOf(path: string, options: RunOptions): RunRequest {
  const { stream, handler, runtime, name, batchSize, role, from, timeout, env = [] } = options;
  if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(stream)) throw new StartError(`'${stream}' is no name of a stream`);
  if (from !== 'latest' && from !== 'start') {
    throw new StartError(`--from must be latest or start, not '${from}'`);
  }
  if (name !== undefined && !/^[a-zA-Z0-9-_]{1,64}$/.test(name)) {
    throw new StartError(`'${name}' is no name of a function`);
  }
  return {
    ...{ path, handler, runtime, name, stream, role, from },
    batchSize: batchSize === undefined ? undefined : numberOf('batch-size', batchSize, 10_000),
    timeoutSeconds: numberOf('timeout', timeout, 900),
    environment: Object.fromEntries(env.map(variableIn)),
  };
}

function numberOf(flag: string, text: string, max: number): number {
  if (/^[1-9]\d{0,5}$/.test(text) && Number(text) <= max) return Number(text);
  throw new StartError(`--${flag} must be a number from 1 to ${max}, not '${text}'`);
}

function variableIn(text: string): [string, string] {
  const [, name, value] = /^([a-zA-Z]\w*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new StartError(`--env must be NAME=VALUE, not '${text}'`);
  return [name, value!];
}

const helpText = `
${placeHelpOf('LAMBDA').trimStart()}
Where no option and no variable names a server, run starts one in memory on 127.0.0.1:4567, which ends with it.
run reads the folder where it is, on this machine: a file that changes counts from the next call on. What it made
is removed at its end: the function, its mapping, and the stream if that was missing.

Exit code: 0 done, 1 the function failed or the call was refused, 2 it could not be asked.

Examples:
  $ millrace function run ./handler --stream orders
  $ millrace function run ./src/index.ts --stream orders --from start --env TABLE=orders
  $ millrace function invoke resize-images --payload '{"Records": []}' --log
  $ millrace function logs resize-images --follow
`;
