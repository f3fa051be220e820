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

/**
 * As the AWS CLI finds endpoint, credentials and region (AWS SDKs and Tools reference guide). `service` is as
 * its variable ends.
 */
export async function onlineAt(
  named: string | undefined,
  surroundings: Surroundings,
  service: 'IAM' | 'LAMBDA' | 'FIREHOSE' = 'IAM',
): Promise<Online> {
  const { variables, readFile } = surroundings;
  const found = variables[`AWS_ENDPOINT_URL_${service}`] || variables['AWS_ENDPOINT_URL'];
  const endpoint = named ?? (found || usualEndpoint);
  if (!/^unix:.|^https?:\/\/./.test(endpoint) || (!endpoint.startsWith('unix:') && !URL.canParse(endpoint)))
    throw new StartError(
      `--endpoint must be a URL such as ${usualEndpoint}, or unix:PATH, not '${endpoint}'`,
    );
  const region = variables['AWS_REGION'] || variables['AWS_DEFAULT_REGION'] || 'us-east-1';
  const bundle = variables['AWS_CA_BUNDLE'];
  const ca = bundle ? await readFile(bundle) : undefined;
  return { endpoint, region, ca, credentials: await credentialsOf(surroundings) };
}

export const usualEndpoint = `http://${defaultOptions.host}:${defaultOptions.port}`;

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
  throw new StartError(
    variables['AWS_PROFILE']
      ? `there are no credentials: AWS_PROFILE is ${name}, and ${path} has no such profile`
      : `there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile of ${path}`,
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
