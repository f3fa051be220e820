import { Command } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { type PlaceOptions, placeHelp, withPlace } from '../aws-place.ts';
import type { Run } from '../command-world.ts';
import { type DecodingOptions, decodingIn, placeOf, streamIn, withDecoding } from '../read/view-options.ts';
import { readTime, readWhen } from '../read/when.ts';
import type { QueryRequest } from './query-request.ts';

type Options = PlaceOptions &
  DecodingOptions & { readonly since?: string; readonly until?: string; readonly json?: boolean };

/** The command `query`. `asked` is told what is to be run; what makes no sense is a `StartError`. */
export function queryCommand(asked: (run: Run) => void): Command {
  const command = new Command('millrace query')
    .description('Asks the records of a stream by SQL. Rows come as they are found.')
    .argument('<stream>', 'its name')
    .argument('<sql>', 'a SELECT of the table records')
    .option(
      '--since <when>',
      'records from then on: 15m, or 2026-06-01T12:00:00Z (default: all that is kept)',
    )
    .option('--until <when>', 'records before then (default: now)');
  return withPlace(withDecoding(command))
    .option('--json', 'print a line of JSON for each row, as is done where no terminal is')
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', helpText)
    .exitOverride()
    .action((stream: string, sql: string, options: Options) => {
      const request = requestOf(stream, sql, options);
      asked(async (world) => (await import('./query.ts')).query(request, world));
    });
}

function requestOf(stream: string, sql: string, options: Options): QueryRequest {
  const since = readWhen('since', options.since ?? 'TRIM_HORIZON');
  if (since === 'LATEST')
    throw new StartError('--since LATEST is now, and a query asks what is there already');
  return {
    ...{ place: placeOf(options), stream: streamIn(stream), sql, since },
    until: options.until === undefined ? undefined : readTime('until', options.until),
    decoding: decodingIn(options),
    json: options.json,
  };
}

const helpText = `
The table records has the columns shard, sequence, key, time (ISO 8601, UTC), size (bytes), body (the decoded value),
text and forms. A field of a body is body.customer.name or body.items[0], and null where it is not there. Conditions on
time and shard bound what is read; a LIMIT ends the reading. A query that sorts, groups, joins or compares rows holds
them in memory, 64 MiB of them at most; any other one streams. The dialect is that of squirreling: SELECT with WHERE,
GROUP BY, HAVING, ORDER BY, LIMIT, JOIN by equal values, UNION, WITH, subqueries, UNNEST, and the usual functions.
${placeHelp}

Exit code: 0 done, 1 refused, 2 it could not be asked, 130 interrupted.

Examples:
  $ millrace query orders "SELECT time, key, body.total FROM records WHERE body.state = 'open' LIMIT 20"
  $ millrace query orders "SELECT body.country, COUNT(*) AS orders FROM records GROUP BY body.country" --since 1h
`;
