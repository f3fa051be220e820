import { Command } from 'commander';
import { type PlaceOptions, placeHelp, withPlace } from '../aws-place.ts';
import type { Run } from '../command-world.ts';

export type ConsumersOptions = PlaceOptions & { readonly json?: boolean; readonly shards?: boolean };

/** The command `consumers`. */
export function consumersCommand(asked: (run: Run) => void): Command {
  const command = new Command('millrace consumers')
    .description('Who reads streams, how far behind they are, and when they will lose records.')
    .argument('[stream]', 'of this stream alone')
    .option('--shards', 'a line for each shard')
    .option('--json', 'print JSON, as is done where no terminal is')
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', helpText)
    .exitOverride()
    .action((stream: string | undefined, options: ConsumersOptions) =>
      asked(async (world) => (await import('./consumers.ts')).runConsumers(stream, options, world)),
    );
  return withPlace(command);
}

const helpText = `
Of Millrace: fan-out consumers, callers of GetRecords, KCL applications by their lease tables, event source mappings
and deliveries. What is lost when is retention minus lag. Of AWS, which tells no more in one place: the registered
consumers of a stream.
${placeHelp}

Exit code: 0 done, 1 refused, 2 it could not be asked.

Examples:
  $ millrace consumers
  $ millrace consumers orders --shards
`;
