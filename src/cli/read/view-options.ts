import { type Command, Option } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { didYouMean } from '../../views/nearest.ts';
import type { Decoder } from '../../views/view.ts';

/** Where a stream is, and who asks. */
export type AskedPlace = {
  /** A URL, `unix:PATH`, or `aws:REGION`; undefined for what the variables say. */
  readonly endpoint: string | undefined;
  readonly profile: string | undefined;
};

/** How records are shown: a decoder, and the path of a file with an Avro schema. */
export type AskedDecoding = { readonly decoder: Decoder; readonly schemaPath: string | undefined };

/** The flags that all commands have which ask a server. */
export function withPlace(command: Command): Command {
  return command
    .option(
      '--endpoint <place>',
      'the server: a URL, unix:PATH, or aws:REGION (default: http://127.0.0.1:4567)',
    )
    .option('--profile <name>', 'whose credentials to use, of the shared-credentials file');
}

export type PlaceOptions = { readonly endpoint?: string; readonly profile?: string };

export function placeIn({ endpoint, profile }: PlaceOptions): AskedPlace {
  if (endpoint !== undefined && !isPlace(endpoint))
    throw new StartError(`--endpoint must be a URL, unix:PATH or aws:REGION, not '${endpoint}'`);
  return { endpoint, profile };
}

function isPlace(place: string): boolean {
  if (/^aws:[a-z0-9-]+$/.test(place) || /^unix:./.test(place)) return true;
  return /^https?:\/\/./.test(place) && URL.canParse(place);
}

export function withDecoding(command: Command): Command {
  return command
    .addOption(new Option('--decode <form>', `how data is read: ${decoders.join(', ')} (default: auto)`))
    .option('--schema <file>', 'an Avro schema, as JSON, for --decode avro');
}

export type DecodingOptions = { readonly decode?: string; readonly schema?: string };

export function decodingIn({ decode = 'auto', schema }: DecodingOptions): AskedDecoding {
  const decoder = decoders.find((name) => name === decode);
  if (decoder === undefined)
    throw new StartError(
      `--decode must be one of ${decoders.join(', ')}, not '${decode}'${didYouMean(decode, decoders)}`,
    );
  return { decoder, schemaPath: schema };
}

const decoders: readonly Decoder[] = ['auto', 'json', 'text', 'hex', 'base64', 'cbor', 'avro'];

/** Ids of shards, or their numbers. */
export function shardsIn(shards: readonly string[] | undefined): readonly string[] | undefined {
  return shards?.map((shard) => (/^\d{1,12}$/.test(shard) ? `shardId-${shard.padStart(12, '0')}` : shard));
}

export function streamIn(name: string): string {
  if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(name)) throw new StartError(`'${name}' is no name of a stream`);
  return name;
}

/** A whole number of 1 or more. */
export function countIn(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new StartError(`--${flag} must be a whole number from 1 on, not '${text}'`);
  return Number(text);
}

/** What is said of places and credentials in the help of each such command. */
export const placeHelp = `The server is the one of --endpoint, AWS_ENDPOINT_URL_KINESIS, AWS_ENDPOINT_URL or
http://127.0.0.1:4567; --endpoint aws:eu-west-1 is AWS itself. Credentials are those of --profile, of
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or of AWS_PROFILE.`;
