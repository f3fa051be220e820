import { Command } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { type PlaceOptions, placeHelpOf, withPlace } from '../aws-place.ts';
import type { MappingAction, MappingRequest } from './mapping-request.ts';

type Options = PlaceOptions & { readonly json?: boolean };

/** The command `mapping`. `asked` is told what is asked for; what makes no sense is a `StartError`. */
export function mappingCommand(asked: (request: MappingRequest) => void): Command {
  const mapping = new Command('millrace mapping')
    .description('How event source mappings do, and what they gave up.')
    .helpOption('-h, --help', 'show this')
    .helpCommand(false)
    .addHelpText('after', helpText)
    .exitOverride();
  const command = (name: string, description: string): Command => {
    const made = mapping.command(name).description(description).helpOption('-h, --help', 'show this');
    withPlace(made).option('--json', 'print JSON, as is done where no terminal is');
    return made.exitOverride().copyInheritedSettings(mapping);
  };
  const ask = (action: MappingAction, { endpoint, profile, json }: Options) =>
    asked({ ...action, endpoint, profile, json });
  command('list', 'how far each mapping is behind, and how many failures wait').action((options: Options) =>
    ask({ kind: 'list' }, options),
  );
  command('show', 'one mapping: its settings, and each of its shards')
    .argument('<mapping>')
    .action((name: string, options: Options) => ask({ kind: 'show', mapping: name }, options));
  command('failures', 'what a mapping gave up; with a number, the records of one')
    .argument('<mapping>')
    .argument('[number]')
    .action((name: string, number: string | undefined, options: Options) => {
      if (number === undefined) ask({ kind: 'failures', mapping: name }, options);
      else ask({ kind: 'failure', mapping: name, number: numberOf(number) }, options);
    });
  command('redrive', 'invoke the function again with what was given up: all that waits, or by number')
    .argument('<mapping>')
    .argument('[numbers...]')
    .action((name: string, numbers: readonly string[], options: Options) =>
      ask({ kind: 'redrive', mapping: name, numbers: numbers.map(numberOf) }, options),
    );
  for (const kind of ['enable', 'disable'] as const) {
    const description = kind === 'enable' ? 'have it go on where it was' : 'have it pause';
    command(kind, description)
      .argument('<mapping>')
      .action((name: string, options: Options) => ask({ kind, mapping: name }, options));
  }
  return mapping;
}

function numberOf(text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new StartError(`'${text}' is no number of a failure`);
}

const helpText = `
A mapping is named by its UUID or the beginning of it, or by its function, where that has no other mapping.
On a terminal tables are shown, elsewhere JSON.
${placeHelpOf('LAMBDA')}

Exit code: 0 done, 1 refused or not all was redriven with success, 2 it could not be asked.

Examples:
  $ millrace mapping list
  $ millrace mapping failures resize-images
  $ millrace mapping failures resize-images 3
  $ millrace mapping redrive resize-images 3 4
  $ millrace mapping disable 0b2e8a1c
`;
