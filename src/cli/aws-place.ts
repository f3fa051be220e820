import type { Command } from 'commander';
import { StartError } from '../env/start-error.ts';
import type { AwsCalls } from '../server/lambda/aws-calls.ts';
import type { CommandWorld } from './command-world.ts';
import { awsSuffix } from './copy/kinesis-place.ts';
import { type ChainWorld, credentialsOfChain } from './credentials/credentials-chain.ts';
import { callsOf } from './function/function-place.ts';
import type { Online } from './user/online-transport.ts';
import {
  credentialsAt,
  isNear,
  MissingCredentialsError,
  type ServiceVariable,
  serverAt,
} from './user/user-place.ts';

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

/** The services that commands call, as AWS names their hosts. */
export type ServiceName = 'kinesis' | 'kms' | 'iam' | 'lambda' | 'firehose' | 'monitoring';

/**
 * Calls of a service at the place that options and surroundings name. Rejects with `StartError` when they
 * name none, or nobody who asks.
 */
export async function callsAt(
  options: PlaceOptions,
  world: CommandWorld,
  service: ServiceName = 'kinesis',
): Promise<AwsCalls> {
  return callsOf(await placeAt(options, world, service), world.client, world.clock);
}

/** Adds the options that say where, and as whom. */
export function withPlace(command: Command): Command {
  return command
    .option('--endpoint <place>', 'the server: a URL, unix:PATH, or aws:REGION (default: see below)')
    .option('--profile <name>', 'whose credentials to use');
}

/** Where a service is, and who calls it. */
export async function placeAt(
  { endpoint, profile }: PlaceOptions,
  world: CommandWorld,
  service: ServiceName = 'kinesis',
): Promise<Online> {
  const { surroundings } = world;
  const [, region] = /^aws:(.*)$/.exec(endpoint ?? '') ?? [];
  if (region === '') throw new StartError('--endpoint aws: needs a region, as in aws:eu-west-1');
  const named = region === undefined ? endpoint : awsEndpoint(service, region);
  const server = await serverAt(named, surroundings, variables[service]);
  const find = async () => {
    // On this machine no instance and no container answers for the server.
    const found = await credentialsOfChain(chainWorld(world, isNear(server.endpoint)), profile);
    if (found !== undefined) return found;
    throw new MissingCredentialsError(
      'there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile',
    );
  };
  const credentials = await credentialsAt(server.endpoint, find);
  return { ...server, credentials, ...(region === undefined ? {} : { region }) };
}

/** AWS general reference, "Service endpoints". IAM is one for all regions. */
function awsEndpoint(service: ServiceName, region: string): string {
  const suffix = awsSuffix(region);
  return service === 'iam' ? `https://iam.${suffix}` : `https://${service}.${region}.${suffix}`;
}

/** As variables of endpoints end; CloudWatch's is not asked for by name. */
const variables: Readonly<Record<ServiceName, ServiceVariable>> = {
  ...{ kinesis: 'KINESIS', kms: 'KMS', iam: 'IAM', lambda: 'LAMBDA', firehose: 'FIREHOSE' },
  monitoring: 'CLOUDWATCH',
};

function chainWorld({ surroundings, client, clock }: CommandWorld, isNearServer: boolean): ChainWorld {
  const { variables: all } = surroundings;
  const near = isNearServer ? { AWS_EC2_METADATA_DISABLED: 'true' } : {};
  return {
    ...{ client, clock, surroundings: { ...surroundings, variables: { ...all, ...near } } },
    processes: async () => (await import('../env/node-processes.ts')).nodeProcesses(all, 'none'),
  };
}
