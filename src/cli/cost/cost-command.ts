import { Command } from 'commander';
import type { PlannedLoad } from '../../cost/usage.ts';
import { StartError } from '../../env/start-error.ts';
import { type PlaceOptions, placeHelp, withPlace } from '../aws-place.ts';
import type { Run } from '../command-world.ts';
import { durationMsOf } from '../duration.ts';
import { countIn, placeOf, streamIn } from '../read/view-options.ts';

import type { CostRequest } from './cost-request.ts';

type Options = PlaceOptions & {
  readonly records?: string;
  readonly size?: string;
  readonly readers?: string;
  readonly fanOut?: string;
  readonly retention?: string;
  readonly shards?: string;
  readonly over?: string;
  readonly by?: string;
  readonly json?: boolean;
};

/** The command `cost`. `asked` is told what is to be run; what makes no sense is a `StartError`. */
export function costCommand(asked: (run: Run) => void): Command {
  const command = new Command('millrace cost')
    .description('What the streams of a server would cost on AWS in a month, or what a load would.')
    .argument('[stream...]', 'only these streams')
    .option('--by <tag>', 'sum up streams by the value of a tag, such as team')
    .option(
      '--over <duration>',
      'look for so long: 30s, 10m (default: since counting began; AWS: the last 1d)',
    )
    .option('--records <rate>', 'in place of streams, a load: so many records, as in 2000/s or 5M/d')
    .option('--size <bytes>', 'the size of each, key and data, as in 700, 1KB or 1.5MB (default: 1KB)')
    .option('--readers <count>', 'how many read everything by GetRecords (default: 1)')
    .option('--fan-out <count>', 'how many read everything with enhanced fan-out (default: 0)')
    .option('--retention <duration>', 'how long records are kept, as in 24h or 7d (default: 24h)')
    .option('--shards <count>', 'of a provisioned stream (default: as many as the load takes)');
  return withPlace(command)
    .option('--json', 'print JSON, as is done where no terminal is')
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', helpText)
    .exitOverride()
    .action((streams: readonly string[], options: Options) => {
      const request = requestOf(streams, options);
      asked(async (world) => (await import('./cost.ts')).cost(request, world));
    });
}

function requestOf(streams: readonly string[], options: Options): CostRequest {
  const { json, records, by: tag, over } = options;
  if (records !== undefined) {
    if (streams.length > 0 || tag !== undefined || over !== undefined)
      throw new StartError('--records describes a load: streams, --by and --over are for those of a server');
    return { kind: 'planned', load: loadOf(records, options), json };
  }
  const load = loadFlags.find((flag) => options[flag] !== undefined);
  if (load !== undefined)
    throw new StartError(
      `--${load === 'fanOut' ? 'fan-out' : load} describes a load, which begins with --records`,
    );
  return {
    ...{ kind: 'live', place: placeOf(options), tag, json },
    streams: streams.length === 0 ? undefined : streams.map(streamIn),
    overMs: over === undefined ? undefined : durationIn('over', over),
  };
}

const loadFlags = ['size', 'readers', 'fanOut', 'retention', 'shards'] as const;

function loadOf(records: string, options: Options): PlannedLoad {
  const { size = '1KB', retention = '24h' } = options;
  return {
    name: 'load',
    recordsPerSecond: rateIn(records),
    bytesPerRecord: bytesIn(size),
    pollingReaders: wholeIn('readers', options.readers, 1),
    fanOutReaders: wholeIn('fan-out', options.fanOut, 0),
    retentionHours: retentionIn(retention),
    shards: countIn('shards', options.shards),
  };
}

function rateIn(text: string): number {
  const [, count, unit = '', per = 's'] = /^(\d+(?:\.\d+)?)([kM]?)(?:\/(s|m|h|d))?$/.exec(text) ?? [];
  if (count === undefined)
    throw new StartError(`--records must be a rate such as 2000/s or 5M/d, not '${text}'`);
  return (Number(count) * multiples[unit]!) / (durationMsOf(`1${per}`)! / 1000);
}

const multiples: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6 };

function bytesIn(text: string): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?) ?(B|KB|KiB|MB|MiB)?$/i.exec(text) ?? [];
  const bytes = Number(count) * 1024 ** ['B', 'K', 'M'].indexOf(unit.slice(0, 1).toUpperCase() || 'B');
  if (!(bytes >= 1 && bytes <= recordBytesMax))
    throw new StartError(`--size must be between 1 byte and 10 MB, such as 700, 1KB or 1.5MB, not '${text}'`);
  return bytes;
}

/** Kinesis API reference, UpdateMaxRecordSize. */
const recordBytesMax = 10 * 1024 * 1024;

function wholeIn(flag: string, text: string | undefined, usual: number): number {
  return text === '0' ? 0 : (countIn(flag, text) ?? usual);
}

function durationIn(flag: string, text: string): number {
  const ms = durationMsOf(text);
  if (ms === undefined || ms === 0)
    throw new StartError(`--${flag} must be a duration such as 30s, 10m or 7d, not '${text}'`);
  return ms;
}

function retentionIn(text: string): number {
  const hours = durationIn('retention', text) / 3_600_000;
  if (hours >= 24 && hours <= 8760) return hours;
  throw new StartError(`--retention must be between 24h and 365d, not '${text}'`);
}

const helpText = `
Of a Millrace server it reads what was counted (ListStreamSights): units of 25 KB and records rounded up to whole KB, as
AWS bills them, what was read by whom, shards and retention. Of AWS itself it reads the metrics of the streams in
CloudWatch, which are billed by themselves, and takes records for equally large.

Prices are the list prices of us-east-1 at the date that is said, without taxes; a month has 730 hours. On-demand
advantage is for all on-demand streams of an account, and bills 25 MiB/s at least; its prices are estimates, since AWS
says no figures. Not in it: KMS, metrics of shards, transfer between regions, readers (Lambda, Firehose, KCL's tables).
${placeHelp}

Exit code: 0 done, 1 refused, 2 it could not be asked.

Examples:
  $ millrace cost --by team
  $ millrace cost --records 2000/s --size 1KB --readers 3 --retention 7d
`;
