import { Command } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { type PlaceOptions, placeHelp, withPlace } from '../aws-place.ts';
import type { Run } from '../command-world.ts';

export type KeyOptions = PlaceOptions & { readonly json?: boolean };

/** `key` is an id, an ARN, or an alias. */
export type KeyAction =
  | { readonly kind: 'list' }
  | { readonly kind: 'create'; readonly description: string | undefined; readonly alias: string | undefined }
  | { readonly kind: 'rotate' | 'enable' | 'disable' | 'keep'; readonly key: string }
  | { readonly kind: 'alias'; readonly key: string; readonly alias: string }
  | { readonly kind: 'delete'; readonly key: string; readonly days: number };

/** The command `key`. What makes no sense is a `StartError`. */
export function keyCommand(asked: (run: Run) => void): Command {
  const key = new Command('millrace key')
    .description('KMS keys, which streams and tables are encrypted with.')
    .helpOption('-h, --help', 'show this')
    .helpCommand(false)
    .addHelpText('after', helpText)
    .exitOverride();
  const ask = (action: KeyAction, options: KeyOptions) =>
    asked(async (world) => (await import('./key.ts')).runKey(action, options, world));
  const command = (name: string, description: string): Command => {
    const made = withPlace(key.command(name).description(description)).option('--json', 'print JSON');
    return made.helpOption('-h, --help', 'show this').exitOverride().copyInheritedSettings(key);
  };
  command('list', 'all keys, with their aliases and states').action((options: KeyOptions) =>
    ask({ kind: 'list' }, options),
  );
  command('create', 'make one')
    .option('--alias <name>', 'what to call it: alias/NAME, or NAME')
    .option('--description <text>', 'what it is for')
    .action((options: KeyOptions & { alias?: string; description?: string }) => {
      const { alias, description } = options;
      ask({ kind: 'create', description, alias: alias === undefined ? undefined : aliasOf(alias) }, options);
    });
  const simple = { rotate: 'make new material, and keep the old for what it has encrypted', ...onOff };
  for (const [kind, about] of Object.entries(simple) as [keyof typeof simple, string][]) {
    command(kind, about)
      .argument('<key>')
      .action((name: string, options: KeyOptions) => ask({ kind, key: name }, options));
  }
  command('alias', 'give it a name')
    .argument('<key>')
    .argument('<alias>')
    .action((name: string, alias: string, options: KeyOptions) =>
      ask({ kind: 'alias', key: name, alias: aliasOf(alias) }, options),
    );
  command('delete', 'delete it after some days; what it has encrypted is lost then')
    .argument('<key>')
    .option('--days <number>', '7 to 30', '30')
    .action((name: string, options: KeyOptions & { days: string }) =>
      ask({ kind: 'delete', key: name, days: daysOf(options.days) }, options),
    );
  return key;
}

const onOff = {
  enable: 'let it be used again',
  disable: 'do not let it be used: puts and reads of what it encrypts fail meanwhile',
  keep: 'do not delete it after all; it is disabled then',
};

function aliasOf(name: string): string {
  const alias = name.startsWith('alias/') ? name : `alias/${name}`;
  if (/^alias\/[a-zA-Z0-9/_-]{1,250}$/.test(alias)) return alias;
  throw new StartError(`'${name}' is no alias: letters, digits, /, _ and -`);
}

function daysOf(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 7 && days <= 30) return days;
  throw new StartError(`--days must be 7 to 30, not '${text}'`);
}

const helpText = `
A key is named by its id, its ARN or an alias.
${placeHelp}

Exit code: 0 done, 1 refused, 2 it could not be asked.

Examples:
  $ millrace key create --alias orders && millrace stream encrypt orders alias/orders
  $ millrace key list
`;
