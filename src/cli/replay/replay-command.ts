import { Command } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { type PlaceOptions, placeHelp, withPlace } from '../aws-place.ts';
import type { Run } from '../command-world.ts';
import {
  countIn,
  type DecodingOptions,
  decodingIn,
  placeOf,
  streamIn,
  withDecoding,
} from '../read/view-options.ts';
import { readTime, readWhen } from '../read/when.ts';
import type { ReplayRequest } from './replay-request.ts';

type Options = PlaceOptions &
  DecodingOptions & {
    readonly to?: string;
    readonly toEndpoint?: string;
    readonly toProfile?: string;
    readonly from?: string;
    readonly until?: string;
    readonly where?: string;
    readonly rate?: string;
    readonly json?: boolean;
  };

/** The command `replay`. `asked` is told what is to be run; what makes no sense is a `StartError`. */
export function replayCommand(asked: (run: Run) => void): Command {
  const command = new Command('millrace replay')
    .description('Puts a range of a stream into another one, as new records, each partition key in order.')
    .argument('<stream>', 'where they are read')
    .option('--to <stream>', 'where they are put (default: the same name, with --to-endpoint)')
    .option('--to-endpoint <place>', 'the server of that stream (default: the same)')
    .option('--to-profile <name>', 'whose credentials to use there')
    .option('--from <when>', 'records from then on: 15m, or 2026-06-01T12:00:00Z (default: all that is kept)')
    .option('--until <when>', 'records before then (default: now)')
    .option('--where <expression>', 'only records for which this is true, in CEL; see millrace tail --help')
    .option('--rate <records>', 'at most so many records a second');
  return withPlace(withDecoding(command))
    .option('--json', 'print the counts as JSON, as is done where no terminal is')
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', helpText)
    .exitOverride()
    .action((stream: string, options: Options) => {
      const request = requestOf(stream, options);
      asked(async (world) => (await import('./replay.ts')).replay(request, world));
    });
}

function requestOf(stream: string, options: Options): ReplayRequest {
  const { toEndpoint, toProfile, where, json } = options;
  if (options.to === undefined && toEndpoint === undefined)
    throw new StartError('--to says into which stream, or --to-endpoint into which server');
  const from = readWhen('from', options.from ?? 'TRIM_HORIZON');
  if (from === 'LATEST')
    throw new StartError('--from LATEST is now, and a replay is of what is there already');
  const place = placeOf(options);
  return {
    ...{ place, stream: streamIn(stream), to: streamIn(options.to ?? stream), where, json, from },
    toPlace: placeOf({
      ...(toEndpoint === undefined ? place : { endpoint: toEndpoint }),
      ...(toProfile !== undefined && { profile: toProfile }),
    }),
    until: options.until === undefined ? undefined : readTime('until', options.until),
    decoding: decodingIn(options),
    rate: countIn('rate', options.rate),
  };
}

const helpText = `
Records keep their bytes and their partition keys, and those of a key their order; sequence numbers and arrival times
are new. Without --where, records of the KPL are put as they are; with it they are taken apart, and those that match are
put by themselves. The stream that they go into has to be there. What is put twice in case of doubt is nothing: where it
is not known what became of a put, the replay ends and says how many records are certain.
${placeHelp}

Exit code: 0 done, 1 refused, 2 it could not be asked, 130 interrupted (after what was under way; counts are said).

Examples:
  $ millrace replay orders --to orders-retry --from 2026-06-01T12:00:00Z --until 2026-06-01T13:00:00Z
  $ millrace replay orders --to-endpoint http://127.0.0.1:4568 --where 'body.state == "failed"' --rate 500
`;
