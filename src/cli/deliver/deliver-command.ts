import { Command } from 'commander';
import { SchemaError } from '../../delivery/schema/schema-error.ts';
import { StartError } from '../../env/start-error.ts';
import type { TableSchema } from '../../iceberg/table-schema.ts';
import { columnsInline } from '../../services/firehose/parts/inline-columns.ts';
import { type PlaceOptions, placeHelpOf, withPlace } from '../aws-place.ts';
import { requirePlace } from '../online.ts';
import type { DeliverForm, DeliverFrom, DeliverRequest } from './deliver-request.ts';

type Options = PlaceOptions & {
  readonly from: string;
  readonly to: string;
  readonly format: string;
  readonly compression?: string;
  readonly columns?: string;
  readonly objectMib: string;
  readonly table?: string;
  readonly iceberg?: string;
  readonly s3?: string;
  readonly state?: string;
  readonly follow?: boolean;
};

/** The command `deliver`. `asked` is told what is asked for; what makes no sense is a `StartError`. */
export function deliverCommand(asked: (request: DeliverRequest) => void): Command {
  const command = new Command('millrace deliver')
    .description('Puts a stream into objects or into an Iceberg table, each record once.')
    .argument('<stream>', 'the name of the stream')
    .requiredOption('--from <point>', 'TRIM_HORIZON, LATEST (with --follow), or a time in ISO 8601')
    .requiredOption('--to <s3://bucket/prefix>', "where to; the prefix may have Firehose's expressions")
    .option('--format <json|text|parquet|iceberg>', 'what objects are', 'json')
    .option('--compression <name>', `${textNames} of lines (default: gzip), ${rowNames} (default: snappy)`)
    .option('--columns <struct<...>>', "columns in Hive's types (default: what the first records look like)")
    .option('--object-mib <number>', 'what size an object ends at', '64')
    .option('--table <namespace.table>', 'the table, which is made where it is not there')
    .option('--iceberg <url>', 'the REST catalog of the table (default: the bucket is the catalog itself)')
    .option('--s3 <url>', "where the bucket is (default: AWS_ENDPOINT_URL_S3, else AWS's); or file:///PATH")
    .option('--state <directory>', 'keeps how far it came (default: ./millrace-deliver-<stream>)')
    .option('--follow', 'go on with what arrives, until it is told to end')
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', helpText)
    .exitOverride()
    .action((stream: string, options: Options) => asked(requestOf(stream, options)));
  return withPlace(command);
}

const textNames = 'none, gzip, zip, snappy or zstd';
const rowNames = 'none, gzip, snappy or zstd of Parquet';

function requestOf(stream: string, options: Options): DeliverRequest {
  const { endpoint, profile, s3, state = `millrace-deliver-${stream}`, follow: follows = false } = options;
  if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(stream)) throw new StartError(`'${stream}' is no name of a stream`);
  if (endpoint !== undefined) requirePlace('endpoint', endpoint);
  if (s3 !== undefined && !(/^(file:\/\/\/|https?:\/\/.)/.test(s3) && URL.canParse(s3)))
    throw new StartError(`--s3 must be a URL, or file:///PATH, not '${s3}'`);
  const from = fromOf(options.from);
  // There is nothing between now and now.
  if (from.kind === 'LATEST' && !follows) throw new StartError('--from LATEST takes --follow');
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(options.to) ?? [];
  if (bucket === undefined)
    throw new StartError(`--to must be s3://BUCKET or s3://BUCKET/PREFIX, not '${options.to}'`);
  const to = { bucket, prefix };
  const objectBytes = bytesOf(options.objectMib);
  return { stream, endpoint, profile, from, to, form: formOf(options), objectBytes, s3, state, follows };
}

/** A table's file, or an object, is held in memory until it ends. */
function bytesOf(mebibytes: string): number {
  if (/^\d{1,4}$/.test(mebibytes) && Number(mebibytes) >= 1 && Number(mebibytes) <= mebibytesMax)
    return Number(mebibytes) * 1024 * 1024;
  throw new StartError(`--object-mib must be a number from 1 to ${mebibytesMax}, not '${mebibytes}'`);
}

const mebibytesMax = 1024;

function fromOf(text: string): DeliverFrom {
  if (text === 'TRIM_HORIZON' || text === 'LATEST') return { kind: text };
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return { kind: 'AT_TIMESTAMP', at };
  throw new StartError(`--from must be TRIM_HORIZON, LATEST or a time in ISO 8601, not '${text}'`);
}

function formOf({ format, compression, columns, table, iceberg }: Options): DeliverForm {
  if (format !== 'iceberg') {
    refuse('--table', table, 'iceberg');
    refuse('--iceberg', iceberg, 'iceberg');
  }
  if (format === 'text' || format === 'json') {
    refuse('--columns', columns, 'parquet or iceberg');
    return { kind: format, compression: named(compression ?? 'gzip', textCompressions) };
  }
  const rows = { compression: named(compression ?? 'snappy', rowCompressions), columns: columnsOf(columns) };
  if (format === 'parquet') return { kind: format, ...rows };
  if (format !== 'iceberg')
    throw new StartError(`--format must be json, text, parquet or iceberg, not '${format}'`);
  const [, namespace, name] = /^([^./]+)\.([^./]+)$/.exec(table ?? '') ?? [];
  if (namespace === undefined || name === undefined)
    throw new StartError('--format iceberg takes --table NAMESPACE.TABLE');
  if (iceberg !== undefined && !(/^https?:\/\/./.test(iceberg) && URL.canParse(iceberg)))
    throw new StartError(`--iceberg must be a URL, not '${iceberg}'`);
  return { kind: format, ...rows, namespace, table: name, catalog: iceberg };
}

function refuse(flag: string, value: string | undefined, formats: string): void {
  if (value !== undefined) throw new StartError(`${flag} is for --format ${formats}`);
}

const textCompressions = ['NONE', 'GZIP', 'ZIP', 'SNAPPY', 'ZSTD'] as const;
const rowCompressions = ['NONE', 'GZIP', 'SNAPPY', 'ZSTD'] as const;

function named<Name extends string>(text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text.toUpperCase());
  if (found !== undefined) return found;
  throw new StartError(`--compression must be one of ${names.join(', ').toLowerCase()}, not '${text}'`);
}

function columnsOf(text: string | undefined): TableSchema | undefined {
  if (text === undefined) return undefined;
  try {
    const schema = columnsInline(text);
    if (schema !== undefined) return schema;
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new StartError(`--columns: ${error.message}`, { cause: error });
  }
  throw new StartError(`--columns must be struct<name:type,...>, not '${text}'`);
}

const helpText = `
It reads by Kinesis's own API, so it works with Millrace and with AWS, and what reading costs there it costs here.
Without --follow it ends where the stream's end is when it comes there. What is interrupted goes on where it was,
with the same command: every record is in exactly one object. Records that do not fit go to PREFIX/errors/.
The bucket is asked with the credentials of the stream; those of a REST catalog are in ICEBERG_TOKEN, or
ICEBERG_CREDENTIAL as id:secret.
${placeHelpOf('KINESIS')}

Exit code: 0 all was delivered, 1 refused or interrupted, 2 it makes no sense or an end could not be asked.

Examples:
  $ millrace deliver orders --from TRIM_HORIZON --to s3://lake/orders/ --format parquet
  $ millrace deliver flights --from 2026-11-01T00:00:00Z --to s3://lake --s3 file:///srv/s3 \\
      --format iceberg --table flights.seen
`;
