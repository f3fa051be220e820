import { Command } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { type PlaceOptions, placeHelp, withPlace } from '../aws-place.ts';
import type { Run } from '../command-world.ts';
import {
  countIn,
  type DecodingOptions,
  decodingIn,
  placeOf,
  shardsIn,
  streamIn,
  withDecoding,
} from '../read/view-options.ts';
import { readWhen } from '../read/when.ts';
import type { TailRequest } from './tail-request.ts';

type Options = PlaceOptions &
  DecodingOptions & {
    readonly from?: string;
    readonly since?: string;
    readonly shard?: readonly string[];
    readonly where?: string;
    readonly limit?: string;
    readonly json?: boolean;
  };

/** The command `tail`. `asked` is told what is to be run; what makes no sense is a `StartError`. */
export function tailCommand(asked: (run: Run) => void): Command {
  const command = new Command('millrace tail')
    .description('Shows records of a stream as they come, from all its shards.')
    .argument('<stream>', 'its name')
    .option('--where <expression>', 'only records for which this is true, in CEL')
    .option('--since <when>', 'begin there: how long ago, as in 15m, or a time, as in 2026-06-01T12:00:00Z')
    .option('--from <point>', 'the same, or LATEST (the default), or TRIM_HORIZON for all that is kept')
    .option('--shard <id...>', 'only these shards, by id or by number')
    .option('--limit <records>', 'end after so many');
  return withPlace(withDecoding(command))
    .option('--json', 'print a line of JSON for each record, as is done where no terminal is')
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', helpText)
    .exitOverride()
    .action((stream: string, options: Options) => {
      const request = requestOf(stream, options);
      asked(async (world) => (await import('./tail.ts')).tail(request, world));
    });
}

function requestOf(stream: string, options: Options): TailRequest {
  const { from, since, where, json } = options;
  if (from !== undefined && since !== undefined)
    throw new StartError('--from and --since say the same: give one of them');
  return {
    place: placeOf(options),
    stream: streamIn(stream),
    from: since === undefined ? readWhen('from', from ?? 'LATEST') : readWhen('since', since),
    shards: shardsIn(options.shard),
    where,
    decoding: decodingIn(options),
    limit: countIn('limit', options.limit),
    json,
  };
}

const helpText = `
Records come in the order of their arrival; those of each shard stay in its order. Shards that are split or merged
meanwhile are followed. Records of the KPL are taken apart, gzip and zstd are taken off, and what is inside is found
out: JSON, text, CBOR, Avro with a schema; anything else is shown as hex.

An expression speaks of key, time, body (the decoded value), text, size (bytes), shard, sequence and forms (what was
found on the way in, such as "kpl", "gzip"). A record without a field that it speaks of does not match. On a terminal a
line is a record; elsewhere it is JSON. It goes on until it is interrupted (exit code 130), --limit is reached, or who
reads its output goes away. AWS counts its calls among the five reads a second of a shard: one a second for each.
${placeHelp}

Exit code: 0 done, 1 refused, 2 it could not be asked, 130 interrupted.

Examples:
  $ millrace tail orders --since 15m --where 'body.total > 100 && body.state == "open"'
  $ millrace tail clicks --from TRIM_HORIZON --json | jq .body.url
`;
