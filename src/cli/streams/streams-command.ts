import { Command } from 'commander';
import { type PlaceOptions, placeHelp, withPlace } from '../aws-place.ts';
import type { Run } from '../command-world.ts';

export type StreamsOptions = PlaceOptions & { readonly json?: boolean; readonly tag?: string };

/** The command `streams`. */
export function streamsCommand(asked: (run: Run) => void): Command {
  const command = new Command('millrace streams')
    .description('All streams, with their state and what goes in and out of them.')
    .argument('[filter]', 'only those whose name contains this')
    .option('--json', 'print JSON, as is done where no terminal is')
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', helpText)
    .exitOverride()
    .action((filter: string | undefined, options: StreamsOptions) =>
      asked(async (world) => {
        const { runStreams } = await import('./streams.ts');
        return await runStreams(filter, options, world);
      }),
    );
  return withPlace(command);
}

const helpText = `
Of Millrace, rates are those of the last second, and the lag is that of the reader that is furthest behind. AWS tells
neither in one call; its streams are shown without them.
${placeHelp}

Exit code: 0 done, 1 refused, 2 it could not be asked.

Examples:
  $ millrace streams
  $ millrace streams orders --endpoint aws:eu-west-1
  $ millrace streams --json | jq -r '.[].Name'
`;
