import { join } from 'node:path';
import { parseProfile } from '../../access/credentials.ts';
import type { SigningCredentials } from '../../access/sigv4/sign.ts';
import { isSystemError, namesIn } from '../../env/disk.ts';
import { StartError } from '../../env/start-error.ts';
import { createHttpClient } from '../../http/client.ts';
import { nodeEnv } from '../../server/node-env.ts';
import { defaultOptions } from '../../server/options.ts';
import { variableOf } from '../../server/settings.ts';
import type { IamTransport } from './iam-client.ts';
import { offlineTransport } from './offline-transport.ts';
import { type Online, onlineTransport } from './online-transport.ts';
import type { Place } from './user-request.ts';

/** What a command finds where it is run. */
export type Surroundings = {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => Promise<string>;
};

/**
 * The way to the users of a place. Rejects with `StartError` when there is none. A data directory that is not
 * there is made when `mayMake` says so.
 */
export async function transportTo(
  place: Place,
  surroundings: Surroundings,
  mayMake: boolean,
): Promise<IamTransport> {
  const { data, account = defaultOptions.account } = place;
  const env = nodeEnv({ data: data ?? '.', logLevel: 'error' });
  if (data === undefined) {
    return onlineTransport(await onlineAt(place.endpoint, surroundings), createHttpClient(), env.clock);
  }
  if (!mayMake && (await namesIn(env.disk, '.')).length === 0)
    throw new StartError(`there is no data directory ${data}`);
  const rootKey = place.rootKey ?? surroundings.variables[variableOf('root-key')];
  return await offlineTransport({ data, account, rootKey }, env);
}

/** A service as its variable of an endpoint ends. */
export type ServiceVariable = 'IAM' | 'LAMBDA' | 'FIREHOSE' | 'KINESIS' | 'KMS' | 'CLOUDWATCH';

/** As the AWS CLI finds endpoint, credentials and region (AWS SDKs and Tools reference guide). */
export async function onlineAt(
  named: string | undefined,
  surroundings: Surroundings,
  service: ServiceVariable = 'IAM',
): Promise<Online> {
  const server = await serverAt(named, surroundings, service);
  const find = async () => await credentialsOf(surroundings);
  return { ...server, credentials: await credentialsAt(server.endpoint, find) };
}

/** The same without credentials. Rejects with `StartError` for an endpoint that is none. */
export async function serverAt(
  named: string | undefined,
  { variables, readFile }: Surroundings,
  service: ServiceVariable,
): Promise<Omit<Online, 'credentials'>> {
  const found = variables[`AWS_ENDPOINT_URL_${service}`] || variables['AWS_ENDPOINT_URL'];
  const endpoint = named ?? (found || usualEndpoint);
  if (!/^unix:.|^https?:\/\/./.test(endpoint) || (!endpoint.startsWith('unix:') && !URL.canParse(endpoint)))
    throw new StartError(
      `--endpoint must be a URL such as ${usualEndpoint}, or unix:PATH, not '${endpoint}'`,
    );
  const region = variables['AWS_REGION'] || variables['AWS_DEFAULT_REGION'] || 'us-east-1';
  const bundle = variables['AWS_CA_BUNDLE'];
  return { endpoint, region, ca: bundle ? await readFile(bundle) : undefined };
}

/**
 * What `find` finds. A server on this machine may be one that verifies no signatures: where there are no
 * credentials, it is asked as nobody.
 */
export async function credentialsAt(
  endpoint: string,
  find: () => Promise<SigningCredentials>,
): Promise<SigningCredentials> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof MissingCredentialsError) || !isNear(endpoint)) throw error;
    return nobody;
  }
}

/** A well-formed pair that belongs to nobody. */
export const nobody: SigningCredentials = { accessKeyId: 'anonymous', secretAccessKey: 'anonymous' };

export function isNear(endpoint: string): boolean {
  if (endpoint.startsWith('unix:')) return true;
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(endpoint).hostname);
}

/** Nobody said who asks. */
export class MissingCredentialsError extends StartError {}

const usualEndpoint = `http://${defaultOptions.host}:${defaultOptions.port}`;

/**
 * Those of a profile of the shared-credentials file, or without one those that the variables say. Rejects
 * with `StartError` when there are none.
 */
export async function credentialsOf(
  { variables, readFile }: Surroundings,
  asked?: string,
): Promise<SigningCredentials> {
  const accessKeyId = variables['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = variables['AWS_SECRET_ACCESS_KEY'];
  if (asked === undefined && accessKeyId && secretAccessKey) {
    return { accessKeyId, secretAccessKey, sessionToken: variables['AWS_SESSION_TOKEN'] || undefined };
  }
  const path =
    variables['AWS_SHARED_CREDENTIALS_FILE'] || join(variables['HOME'] ?? '.', '.aws', 'credentials');
  const name = asked ?? (variables['AWS_PROFILE'] || 'default');
  const profile = await profileIn(path, name, readFile);
  if (profile !== undefined) return profile;
  if (asked !== undefined) throw new StartError(`there is no profile ${asked} in ${path}`);
  if (variables['AWS_PROFILE'])
    throw new StartError(`there are no credentials: AWS_PROFILE is ${name}, and ${path} has no such profile`);
  throw new MissingCredentialsError(
    `there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile of ${path}`,
  );
}

async function profileIn(
  path: string,
  name: string,
  readFile: Surroundings['readFile'],
): Promise<SigningCredentials | undefined> {
  try {
    return parseProfile(await readFile(path), name);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw new StartError(`cannot read the credentials in ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
