import type { Command } from 'commander';
import type { SigningCredentials } from '../access/sigv4/sign.ts';
import { StartError } from '../env/start-error.ts';
import type { AwsCalls } from '../server/lambda/aws-calls.ts';
import type { CommandWorld } from './command-world.ts';
import { type ChainWorld, credentialsOfChain } from './credentials/credentials-chain.ts';
import { isNear, nobody, type Online, type ServiceName, serverAt } from './online.ts';
import { callsOf, type Sending } from './online-calls.ts';

export type { AwsCalls };

/** What all commands that call a server are told of it. */
export type PlaceOptions = {
  /** A URL, `unix:PATH`, or `aws:REGION` for AWS itself. */
  readonly endpoint?: string | undefined;
  readonly profile?: string | undefined;
};

/** What finding a place and calling it needs. */
export type PlaceWorld = Pick<CommandWorld, 'surroundings' | 'client' | 'clock'>;

/** Adds the options that say where, and as whom. */
export function withPlace(command: Command): Command {
  return command
    .option('--endpoint <place>', 'a URL, unix:PATH, or aws:REGION (default: that of the variables)')
    .option('--profile <name>', 'whose credentials to use');
}

/** What help says of it, where the variable of a service's endpoint ends so. */
export function placeHelpOf(service: string): string {
  return `
The server is asked at --endpoint, AWS_ENDPOINT_URL_${service}, AWS_ENDPOINT_URL or http://127.0.0.1:4567; aws:REGION
is AWS itself. Credentials are those of --profile, of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or of AWS_PROFILE;
a server on this machine that verifies no signatures needs none.`;
}

export const placeHelp = placeHelpOf('KINESIS');

/**
 * Calls of a service at the place that options and surroundings name. Rejects with `StartError` when they
 * name none, or nobody who asks.
 */
export async function callsAt(
  options: PlaceOptions,
  world: PlaceWorld,
  service: ServiceName = 'kinesis',
  sending: Sending = {},
): Promise<AwsCalls> {
  return callsOf(await placeAt(options, world, service), world.client, world.clock, sending);
}

/** Where a service is, and who calls it. */
export async function placeAt(
  { endpoint, profile }: PlaceOptions,
  world: PlaceWorld,
  service: ServiceName = 'kinesis',
): Promise<Online> {
  const server = await serverAt(endpoint, world.surroundings, service);
  return { ...server, credentials: await credentialsAt(server.endpoint, profile, world) };
}

/**
 * A server on this machine may be one that verifies no signatures: where there are no credentials, it is
 * asked as nobody.
 */
async function credentialsAt(
  endpoint: string,
  profile: string | undefined,
  world: PlaceWorld,
): Promise<SigningCredentials> {
  const isHere = isNear(endpoint);
  const found = await credentialsOfChain(chainWorld(world, isHere), profile);
  if (found !== undefined) return found;
  if (isHere) return nobody;
  throw new StartError(
    'there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile',
  );
}

/** No instance answers for a server on this machine. */
function chainWorld({ surroundings, client, clock }: PlaceWorld, isHere: boolean): ChainWorld {
  const { variables: all } = surroundings;
  const here = isHere ? { AWS_EC2_METADATA_DISABLED: 'true' } : {};
  return {
    ...{ client, clock, surroundings: { ...surroundings, variables: { ...all, ...here } } },
    processes: async () => (await import('../env/node-processes.ts')).nodeProcesses(all, 'none'),
  };
}
