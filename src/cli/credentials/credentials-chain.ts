import type { SigningCredentials } from '../../access/sigv4/sign.ts';
import type { Clock } from '../../env/clock.ts';
import type { HttpClient } from '../../env/http-client.ts';
import type { Processes } from '../../env/processes.ts';
import { StartError } from '../../env/start-error.ts';
import type { Surroundings } from '../surroundings.ts';
import { assumedRole, webIdentityRole } from './assumed-role.ts';
import { containerCredentials, instanceCredentials } from './machine-credentials.ts';
import { processCredentials } from './process-credentials.ts';
import { type ProfileSettings, pathsIn, profileSettings } from './shared-files.ts';

/** What finding credentials needs of the outside. */
export type ChainWorld = {
  readonly surroundings: Surroundings;
  readonly client: HttpClient;
  readonly clock: Clock;
  readonly processes: () => Promise<Processes>;
};

/**
 * Credentials of AWS, in the order in which its SDKs look for them (AWS SDKs and Tools reference guide,
 * "Standardized credential providers"): the variables; a web identity; a profile, its process or its role;
 * the container; the instance. `asked` is a profile that is to be used and no other. Undefined where there
 * are none. Rejects with `StartError` where there are some that cannot be used.
 */
export async function credentialsOfChain(
  world: ChainWorld,
  asked: string | undefined,
): Promise<SigningCredentials | undefined> {
  const { variables } = world.surroundings;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = variables;
  if (asked === undefined && accessKeyId && secretAccessKey) {
    return { accessKeyId, secretAccessKey, sessionToken: variables['AWS_SESSION_TOKEN'] || undefined };
  }
  const chosen = asked ?? (variables['AWS_PROFILE'] || undefined);
  if (chosen === undefined) {
    const identity = await webIdentityRole(world, variables);
    if (identity !== undefined) return identity;
  }
  const settings = await profileSettings(chosen ?? 'default', world.surroundings);
  if (settings === undefined && chosen !== undefined) {
    const { credentials, config } = pathsIn(world.surroundings);
    throw new StartError(`there is no profile ${chosen} in ${credentials} and ${config}`);
  }
  const found = settings && (await credentialsOfProfile(settings, chosen ?? 'default', world, new Set()));
  if (found !== undefined || chosen !== undefined) return found;
  return (await containerCredentials(world)) ?? (await instanceCredentials(world));
}

/** `seen` are the profiles whose role leads here. */
async function credentialsOfProfile(
  settings: ProfileSettings,
  name: string,
  world: ChainWorld,
  seen: ReadonlySet<string>,
): Promise<SigningCredentials | undefined> {
  const accessKeyId = settings.get('aws_access_key_id');
  const secretAccessKey = settings.get('aws_secret_access_key');
  const own = accessKeyId && secretAccessKey;
  const role = settings.get('role_arn');
  if (role !== undefined && (!own || settings.has('source_profile'))) {
    const source = await sourceOf(settings, name, world, new Set([...seen, name]));
    return await assumedRole(world, source, { role, settings });
  }
  if (own)
    return { accessKeyId, secretAccessKey, sessionToken: settings.get('aws_session_token') || undefined };
  const command = settings.get('credential_process');
  if (command !== undefined) return await processCredentials(command, world);
  if (settings.has('sso_session') || settings.has('sso_start_url')) {
    throw new StartError(
      `profile ${name} signs in by SSO, which is the AWS CLI's to do: eval "$(aws configure export-credentials --profile ${name} --format env)"`,
    );
  }
  return undefined;
}

/** Whose credentials a role is taken on with. */
async function sourceOf(
  settings: ProfileSettings,
  name: string,
  world: ChainWorld,
  seen: ReadonlySet<string>,
): Promise<SigningCredentials> {
  const source = settings.get('source_profile');
  const found =
    source === undefined ? await fromMachine(settings, world) : await fromProfile(source, world, seen);
  if (found !== undefined) return found;
  throw new StartError(
    `profile ${name} has a role_arn, and there are no credentials to take that role on with`,
  );
}

async function fromProfile(
  source: string,
  world: ChainWorld,
  seen: ReadonlySet<string>,
): Promise<SigningCredentials | undefined> {
  const settings = await profileSettings(source, world.surroundings);
  if (settings === undefined) return undefined;
  // A profile may name itself, for its own keys.
  const isAgain = seen.has(source);
  const direct = isAgain ? new Map([...settings].filter(([key]) => key !== 'role_arn')) : settings;
  return await credentialsOfProfile(direct, source, world, seen);
}

async function fromMachine(
  settings: ProfileSettings,
  world: ChainWorld,
): Promise<SigningCredentials | undefined> {
  switch (settings.get('credential_source')) {
    case 'EcsContainer':
      return await containerCredentials(world);
    case 'Ec2InstanceMetadata':
      return await instanceCredentials(world);
    case 'Environment': {
      const { variables } = world.surroundings;
      const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = variables;
      return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
    }
    default:
      return undefined;
  }
}
