import { Command } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { type PlaceOptions, placeHelp, withPlace } from '../aws-place.ts';
import type { Run } from '../command-world.ts';
import { hoursOf } from '../duration.ts';
import type { StreamAction } from './stream-request.ts';

export type StreamOptions = PlaceOptions & { readonly json?: boolean; readonly wait?: boolean };

type CreateOptions = StreamOptions & {
  readonly shards?: string;
  readonly onDemand?: boolean;
  readonly retention?: string;
  readonly encrypt?: string;
  readonly tag?: readonly string[];
};

/** The command `stream`. What makes no sense is a `StartError`. */
export function streamCommand(asked: (run: Run) => void): Command {
  const stream = new Command('millrace stream')
    .description('One stream, and what can be done about it.')
    .helpOption('-h, --help', 'show this')
    .helpCommand(false)
    .addHelpText('after', helpText)
    .exitOverride();
  const ask = (name: string, action: StreamAction, options: StreamOptions) =>
    asked(async (world) =>
      (await import('./stream.ts')).runStream(requireName(name), action, options, world),
    );
  const command = (name: string, description: string, help: string): Command => {
    const made = withPlace(stream.command(name).description(description).argument('<stream>'));
    made
      .option('--json', 'print JSON, as is done where no terminal is')
      .option('--no-wait', 'do not wait for it');
    made.helpOption('-h, --help', 'show this').addHelpText('after', help);
    return made.exitOverride().copyInheritedSettings(stream);
  };
  addCreate(command, ask);
  command(
    'describe',
    'what there is to know of it',
    examples('describe orders', 'describe orders --json'),
  ).action((name: string, options: StreamOptions) => ask(name, { kind: 'describe' }, options));
  addReshard(command, ask);
  command('retain', 'change for how long records are kept', examples('retain orders 7d', 'retain orders 24h'))
    .argument('<duration>', '24h to 365d')
    .action((name: string, duration: string, options: StreamOptions) =>
      ask(name, { kind: 'retain', hours: hoursOf(duration) }, options),
    );
  command(
    'encrypt',
    'encrypt with a KMS key, or not any more',
    examples('encrypt orders', 'encrypt orders off'),
  )
    .argument('[key]', 'a key id, an ARN or an alias; off for none', 'alias/aws/kinesis')
    .action((name: string, key: string, options: StreamOptions) =>
      ask(name, { kind: 'encrypt', key: key === 'off' ? undefined : key }, options),
    );
  command('delete', 'delete it with all its records', examples('delete orders', 'delete orders --yes'))
    .option('-y, --yes', 'do not ask')
    .option('--with-consumers', 'also where consumers are registered')
    .action((name: string, options: StreamOptions & { yes?: boolean; withConsumers?: boolean }) => {
      const { yes: isSure = false, withConsumers = false } = options;
      ask(name, { kind: 'delete', isSure, withConsumers }, options);
    });
  return stream;
}

type MakeCommand = (name: string, description: string, help: string) => Command;
type Ask = (name: string, action: StreamAction, options: StreamOptions) => void;

function addCreate(command: MakeCommand, ask: Ask): void {
  command(
    'create',
    'make one',
    examples('create orders', 'create clicks --on-demand --retention 7d --tag team=web'),
  )
    .option('--shards <number>', 'with so many shards (default: 1)')
    .option('--on-demand', 'the service chooses how many')
    .option('--retention <duration>', 'keep records for so long: 24h to 365d')
    .option('--encrypt <key>', 'encrypt with this KMS key')
    .option('--tag <key=value...>', 'tags')
    .action((name: string, options: CreateOptions) => {
      const { shards, onDemand, retention, encrypt: key, tag = [] } = options;
      if (onDemand && shards !== undefined)
        throw new StartError('--shards and --on-demand exclude each other');
      const action: StreamAction = {
        kind: 'create',
        shards: onDemand ? undefined : countOf('--shards', shards ?? '1'),
        retentionHours: retention === undefined ? undefined : hoursOf(retention),
        ...{ key, tags: tagsOf(tag) },
      };
      ask(name, action, options);
    });
}

function addReshard(command: MakeCommand, ask: Ask): void {
  command(
    'split',
    'make two shards of one',
    examples('split orders', 'split orders shardId-000000000000 --at half'),
  )
    .argument('[shard]', 'which one (default: the one that most is put to)')
    .option('--at <hash key>', 'where: a hash key, half, or load: where it halves what is put', 'load')
    .action((name: string, shard: string | undefined, options: StreamOptions & { at: string }) => {
      const { at } = options;
      if (!/^(half|load|\d{1,39})$/.test(at))
        throw new StartError(`--at must be half, load or a hash key, not '${at}'`);
      ask(name, { kind: 'split', shard, at }, options);
    });
  const merge = examples('merge orders shardId-000000000001 shardId-000000000002', 'merge orders 1 2');
  command('merge', 'make one shard of two neighbours', merge)
    .argument('<shard>')
    .argument('<neighbour>')
    .action((name: string, one: string, other: string, options: StreamOptions) =>
      ask(name, { kind: 'merge', shards: [one, other] }, options),
    );
  command('scale', 'change the number of shards', examples('scale orders 8', 'scale orders 2 --no-wait'))
    .argument('<shards>')
    .action((name: string, shards: string, options: StreamOptions) =>
      ask(name, { kind: 'scale', shards: countOf('the number of shards', shards) }, options),
    );
}

function requireName(name: string): string {
  if (/^[a-zA-Z0-9_.-]{1,128}$/.test(name)) return name;
  throw new StartError(`'${name}' is no name of a stream: 1 to 128 letters, digits, _, . or -`);
}

function countOf(what: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new StartError(`${what} must be a whole number above 0, not '${text}'`);
}

function tagsOf(tags: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    tags.map((tag) => {
      const equals = tag.indexOf('=');
      if (equals < 1) throw new StartError(`--tag must be key=value, not '${tag}'`);
      return [tag.slice(0, equals), tag.slice(equals + 1)];
    }),
  );
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ millrace stream ${line}\n`).join('')}`;
}

const helpText = `
A shard may be named by its number: 3 for shardId-000000000003. Each command ends when the stream is ACTIVE again.
${placeHelp}

Exit code: 0 done, 1 refused, 2 it could not be asked.
${examples('create orders --shards 4', 'describe orders')}`;
