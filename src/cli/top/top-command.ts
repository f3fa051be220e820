import { Command } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { type PlaceOptions, placeHelp, withPlace } from '../aws-place.ts';
import type { Run } from '../command-world.ts';
import { durationMsOf } from '../duration.ts';

/** What streams are sorted by. */
const sortings = ['in', 'out', 'lag', 'name'] as const;
export type Sorting = (typeof sortings)[number];

export type TopOptions = PlaceOptions & { readonly sort: Sorting; readonly everyMs: number };

type Given = PlaceOptions & { readonly sort: string; readonly every: string };

/** The command `top`. What makes no sense is a `StartError`. */
export function topCommand(asked: (run: Run) => void): Command {
  const command = new Command('millrace top')
    .description('What goes in and out of all streams, live.')
    .option('--sort <column>', sortings.join(', '), 'in')
    .option('--every <duration>', 'how often to look', '1s')
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', helpText)
    .exitOverride()
    .action((given: Given) => {
      const options = optionsOf(given);
      asked(async (world) => (await import('./top.ts')).runTop(options, world));
    });
  return withPlace(command);
}

function optionsOf({ sort, every, ...place }: Given): TopOptions {
  const sorting = sortings.find((one) => one === sort);
  if (sorting === undefined) throw new StartError(`--sort must be ${sortings.join(', ')}, not '${sort}'`);
  const everyMs = durationMsOf(every) ?? 0;
  if (everyMs < 100) throw new StartError(`--every must be a duration of 100ms or more, not '${every}'`);
  return { ...place, sort: sorting, everyMs };
}

const helpText = `
Keys: i, o, l and n sort by what goes in, what goes out, lag and name; q ends it. Where no terminal is, a line of JSON
is written each time.
${placeHelp}

Exit code: 0 ended, 1 refused, 2 it could not be asked, or the server is not Millrace.

Examples:
  $ millrace top
  $ millrace top --sort lag --every 5s
`;
