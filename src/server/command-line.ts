import { Argument, Command, CommanderError, Option } from 'commander';
import { loadOptions, type OptionSources } from './load-options.ts';
import { type OfflineRequest, offlineCommand, offlineRequest } from './offline/offline-command.ts';
import { defaultOptions, type ServerOptions } from './options.ts';
import { settings, variableOf } from './settings.ts';
import { StartError } from './start-error.ts';
import { version } from './version.ts';

/** What a command line asks for: a text to be shown, a server, or something about a data directory without one. */
export type CommandLine =
  | { readonly show: string }
  | { readonly serve: ServerOptions }
  | { readonly offline: OfflineRequest };

/** Understands the arguments after the command's own name. Rejects with `StartError` when they make no sense. */
export async function readCommandLine(
  args: readonly string[],
  world: Omit<OptionSources, 'flags'>,
): Promise<CommandLine> {
  let shown = '';
  const offline = offlineCommand(args[0]);
  const program = (offline ?? describeProgram()).configureOutput({
    writeOut: (text) => {
      shown += text;
    },
    writeErr: () => {},
  });
  try {
    program.parse(offline === undefined ? args : args.slice(1), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { show: shown };
    throw new StartError(oneLine(error.message.replace(/^error: /, '')), { cause: error });
  }
  if (offline !== undefined) return { offline: offlineRequest(offline) };
  return { serve: await loadOptions({ ...world, flags: givenFlags(program) }) };
}

function describeProgram(): Command {
  const program = new Command('millrace')
    .description('Amazon Kinesis Data Streams that you can run yourself.')
    .version(version, '--version', 'show the version')
    .helpOption('--help', 'show this')
    .addArgument(new Argument('[command]', 'what to do').choices(['serve']).default('serve'))
    .addHelpText('after', helpText)
    .exitOverride();
  for (const option of Object.keys(settings) as (keyof ServerOptions)[]) program.addOption(optionFor(option));
  return program.option('--config <file>', 'JSON file that says any of the above by the same names');
}

/** Defaults are shown, not set: variables and the config file come between. */
function optionFor(name: keyof ServerOptions): Option {
  const { flag, takes, help } = settings[name];
  const standard = defaultOptions[name];
  const shown = standard === undefined || standard === false ? '' : ` (default: ${standard})`;
  return new Option(takes === undefined ? `--${flag}` : `--${flag} ${takes}`, help + shown);
}

function givenFlags(program: Command): Record<string, string> {
  return Object.fromEntries(
    program.options
      .map((option) => [option.long!.slice(2), program.getOptionValue(option.attributeName())])
      .filter(([, value]) => value !== undefined)
      .map(([flag, value]) => [flag, String(value)]),
  );
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

const helpText = `
Two more commands look after a data directory that no server uses; each has a --help of its own:
  millrace verify <directory>                   check it, and change nothing
  millrace repair <directory> --to <directory>  copy what is sound of it

Every option can also be given as a variable, ${variableOf('port')} or ${variableOf('log-level')} for example, or in
the config file: {"port": 4567, "log-level": "debug"}. A flag wins over a variable, a variable over the file.

Without --credentials any well-formed signature is accepted, and only a loopback address is served.
https:// works on the same port. Without --tls-certificate, clients trust it by the authority in GET /ca.pem.
GET /health answers 200 once the server is ready. SIGTERM and SIGINT let requests under way finish and
exit with 0; a second one exits at once. A server that cannot start says why in one line.

Examples:
  $ millrace                                    serve on 127.0.0.1:4567, data in ./millrace-data
  $ millrace serve --memory --port 0            serve tests: nothing kept, any free port
  $ millrace --host 0.0.0.0 --credentials ~/.aws/credentials
  $ ${variableOf('limits')}=none millrace                as fast as the machine, not as AWS allows

  $ export AWS_ENDPOINT_URL_KINESIS=http://127.0.0.1:4567
  $ aws kinesis create-stream --stream-name orders --shard-count 4
`;
