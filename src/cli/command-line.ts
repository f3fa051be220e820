import { Command, CommanderError, Option } from 'commander';
import { StartError } from '../env/start-error.ts';
import { defaultOptions, type ServerOptions } from '../server/options.ts';
import type { Setting } from '../server/setting.ts';
import { settings, variableOf } from '../server/settings.ts';
import { version } from '../server/version.ts';
import { didYouMean } from '../views/nearest.ts';
import type { Run } from './command-world.ts';
import { commandEntries } from './commands.ts';
import { loadOptions, type OptionSources } from './load-options.ts';

/** What a command line asks for: a text to be shown, a server, or another command. */
export type CommandLine =
  | { readonly show: string }
  | { readonly serve: ServerOptions }
  | { readonly run: Run };

/** Reads the arguments after the command's own name. Rejects with `StartError` when they make no sense. */
export async function readCommandLine(
  args: readonly string[],
  world: Omit<OptionSources, 'flags'>,
): Promise<CommandLine> {
  const [first, ...rest] = args[0] === 'help' ? [helped(args.slice(1)), '--help'] : args;
  if (first !== undefined && !first.startsWith('-')) requireCommand(first);
  let shown = '';
  let run: Run | undefined;
  const entry = commandEntries.find(({ name }) => name === first);
  const other = entry && (await entry.load())((asked) => (run = asked));
  const program = other ?? describeProgram();
  const output = { writeOut: (text: string) => (shown += text), writeErr: () => {} };
  for (const command of withCommands(program)) command.configureOutput(output);
  try {
    program.parse(other !== undefined || first === 'serve' ? rest : args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { show: shown };
    // What commander shows by itself when a command that has commands is given none.
    if (error.code === 'commander.help') throw new StartError(`${first} needs a command; see --help`);
    throw new StartError(oneLine(error.message.replace(/^error: /, '')), { cause: error });
  }
  if (run !== undefined) return { run };
  requireServe(program.args, first === 'serve');
  return { serve: await loadOptions({ ...world, flags: givenFlags(program) }) };
}

function withCommands(program: Command): Command[] {
  return [program, ...program.commands.flatMap(withCommands)];
}

/** In the order in which help lists them. */
const commandNames: readonly string[] = ['serve', ...commandEntries.map(({ name }) => name), 'help'];

function requireCommand(name: string): void {
  if (commandNames.includes(name)) return;
  throw new StartError(
    `there is no command '${name}'${didYouMean(name, commandNames)}; there are ${commandNames.join(', ')}`,
  );
}

/** The words among the options: one `serve` at the most. */
function requireServe([word, ...more]: readonly string[], isNamed: boolean): void {
  if (word === undefined) return;
  if (!isNamed) requireCommand(word);
  if (!isNamed && word !== 'serve')
    throw new StartError(`${word} comes first, as in: millrace ${word} --help`);
  const excess = isNamed ? [word, ...more] : more;
  if (excess.length > 0) throw new StartError(`too many arguments: ${excess.join(' ')}`);
}

/** The command that `help` is asked about. The help of `serve` covers everything. */
function helped([name = 'serve', ...more]: readonly string[]): string {
  if (more.length > 0)
    throw new StartError(`help explains one command at a time, not also ${more.join(' ')}`);
  requireCommand(name);
  return name === 'help' ? 'serve' : name;
}

/** The command that serves, with all settings as options. */
export function describeProgram(): Command {
  const program = new Command('millrace')
    .description('Amazon Kinesis Data Streams that you can run yourself.')
    .version(version, '-v, --version', 'show the version')
    .helpOption('-h, --help', 'show this')
    .usage('[serve] [options]')
    .allowExcessArguments()
    .addHelpText('after', helpText)
    .exitOverride();
  for (const option of Object.keys(settings) as (keyof ServerOptions)[]) program.addOption(optionFor(option));
  // The former name of --workers.
  program.addOption(new Option('--fronts <number>').hideHelp());
  return program.option('--config <file>', 'JSON file that says any of the above by the same names');
}

/** Defaults are shown, not set: variables and the config file come between. */
function optionFor(name: keyof ServerOptions): Option {
  const { flag, takes, help, isList } = settings[name] as Setting<unknown>;
  const standard = defaultOptions[name];
  const shown = standard === undefined || standard === false ? '' : ` (default: ${standard})`;
  const option = new Option(takes === undefined ? `--${flag}` : `--${flag} ${takes}`, help + shown);
  return isList ? option.argParser((text, before?: string) => (before ? `${before},${text}` : text)) : option;
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
Commands:
  millrace serve                                serve; also what is done when no command is given
${commandEntries.map(({ usage, about }) => `  ${`millrace ${usage}`.padEnd(45)} ${about}`).join('\n')}
  millrace help [command]                       show this, or what a command takes

Every option can also be given as a variable, ${variableOf('port')} or ${variableOf('log-level')} for example, or in
the config file: {"port": 4567, "log-level": "debug"}. A flag wins over a variable, a variable over the file.

On loopback any well-formed signature is accepted, until there are credentials or a root user. On other
addresses signatures are verified: the first start makes a root user, and shows its access key once.
https:// works on the same port. Without --tls-certificate, clients trust it by the authority in GET /ca.pem.
GET /health answers 200 once the server is ready. SIGTERM and SIGINT let requests under way finish and
exit with 0; a second one exits at once. SIGHUP reads certificate, credentials and log level again.
A server that cannot start says why in one line.

Examples:
  $ millrace                                    serve on 127.0.0.1:4567, data in ./millrace-data
  $ millrace serve --memory --port 0            serve tests: nothing kept, any free port
  $ millrace --host 0.0.0.0                     serve other machines: signatures are verified
  $ millrace --listen vpce-internal=10.0.0.1:4567 --listen admin=unix:/run/millrace.sock
  $ ${variableOf('limits')}=none millrace                as fast as the machine, not as AWS allows

  $ export AWS_ENDPOINT_URL_KINESIS=http://127.0.0.1:4567
  $ aws kinesis create-stream --stream-name orders --shard-count 4
`;
