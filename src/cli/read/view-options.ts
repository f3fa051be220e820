import { type Command, Option } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { didYouMean } from '../../views/nearest.ts';
import type { Decoder } from '../../views/view.ts';
import type { PlaceOptions } from '../aws-place.ts';

/** The options that say where, and as whom, without the others. */
export function placeOf({ endpoint, profile }: PlaceOptions): PlaceOptions {
  return { ...(endpoint !== undefined && { endpoint }), ...(profile !== undefined && { profile }) };
}

/** How records are shown: a decoder, and the path of a file with an Avro schema. */
export type AskedDecoding = { readonly decoder: Decoder; readonly schemaPath: string | undefined };

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
