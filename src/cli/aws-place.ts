import type { Command } from 'commander';
import { StartError } from '../env/start-error.ts';
import type { AwsCalls } from '../server/lambda/aws-calls.ts';
import type { CommandWorld } from './command-world.ts';
import { awsSuffix } from './copy/kinesis-place.ts';
import { callsOf } from './function/function-place.ts';
import type { Online } from './user/online-transport.ts';
import { onlineAt } from './user/user-place.ts';

export type { AwsCalls };

/** What all commands that call a server are told of it. */
export type PlaceOptions = {
  /** A URL, `unix:PATH`, or `aws:REGION` for AWS itself. */
  readonly endpoint?: string;
  readonly profile?: string;
};

/** What help says of it. */
export const placeHelp = `
The server is asked at --endpoint, AWS_ENDPOINT_URL_KINESIS, AWS_ENDPOINT_URL or http://127.0.0.1:4567; aws:REGION
is AWS itself. Credentials are those of --profile, of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or of AWS_PROFILE;
a server on this machine that verifies no signatures needs none.`;

/** Calls of the place that options and surroundings name. Rejects with `StartError` when they name none. */
export async function callsAt(options: PlaceOptions, world: CommandWorld): Promise<AwsCalls> {
  return callsOf(await placeAt(options, world), world.client, world.clock);
}

/** Adds the options that say where, and as whom. */
export function withPlace(command: Command): Command {
  return command
    .option('--endpoint <place>', 'the server: a URL, unix:PATH, or aws:REGION (default: see below)')
    .option('--profile <name>', 'whose credentials to use');
}

async function placeAt({ endpoint, profile }: PlaceOptions, { surroundings }: CommandWorld): Promise<Online> {
  const [, region] = /^aws:(.*)$/.exec(endpoint ?? '') ?? [];
  if (region === undefined) return await onlineAt(endpoint, surroundings, 'KINESIS', profile);
  if (region === '') throw new StartError('--endpoint aws: needs a region, as in aws:eu-west-1');
  const at = `https://kinesis.${region}.${awsSuffix(region)}`;
  return { ...(await onlineAt(at, surroundings, 'KINESIS', profile)), region };
}
