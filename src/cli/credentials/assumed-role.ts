import { type SigningCredentials, signedHeaders } from '../../access/sigv4/sign.ts';
import { StartError } from '../../env/start-error.ts';
import type { Surroundings } from '../surroundings.ts';
import type { ChainWorld } from './credentials-chain.ts';
import type { ProfileSettings } from './shared-files.ts';

/** Credentials of a role that a profile names, for an hour. Rejects with `StartError` when it is refused. */
export async function assumedRole(
  world: ChainWorld,
  source: SigningCredentials,
  { role, settings }: { readonly role: string; readonly settings: ProfileSettings },
): Promise<SigningCredentials> {
  if (settings.has('mfa_serial')) {
    throw new StartError(
      `the role ${role} asks for a code of MFA: take it on with the AWS CLI, and export what it gives`,
    );
  }
  const externalId = settings.get('external_id');
  const parameters = {
    ...{
      Action: 'AssumeRole',
      RoleArn: role,
      RoleSessionName: settings.get('role_session_name') ?? 'millrace',
    },
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
  };
  return await ask(world, parameters, source, settings.get('region'));
}

/** Credentials of the role that a token of the variables stands for; undefined where they name none. */
export async function webIdentityRole(
  world: ChainWorld,
  variables: Surroundings['variables'],
): Promise<SigningCredentials | undefined> {
  const { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: role, AWS_ROLE_SESSION_NAME: session } = variables;
  if (!file || !role) return undefined;
  const token = (await world.surroundings.readFile(file)).trim();
  const names = { RoleArn: role, RoleSessionName: session || 'millrace' };
  return await ask(world, { Action: 'AssumeRoleWithWebIdentity', ...names, WebIdentityToken: token });
}

/** STS's Query API, at the endpoint that the variables name, else AWS's of the region. */
async function ask(
  { surroundings: { variables }, client, clock }: ChainWorld,
  parameters: Readonly<Record<string, string>>,
  credentials?: SigningCredentials,
  configuredRegion?: string,
): Promise<SigningCredentials> {
  const region =
    variables['AWS_REGION'] || variables['AWS_DEFAULT_REGION'] || configuredRegion || 'us-east-1';
  const named = variables['AWS_ENDPOINT_URL_STS'] || variables['AWS_ENDPOINT_URL'];
  const url = new URL('/', named || `https://sts.${region}.amazonaws.com`);
  const body = new URLSearchParams({ Version: '2011-06-15', ...parameters }).toString();
  const headers = { host: url.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const unsigned = { method: 'POST', target: '/', headers, body };
  const signed =
    credentials === undefined
      ? headers
      : signedHeaders(unsigned, credentials, { region, service: 'sts' }, clock.now());
  const answer = await client.send({ method: 'POST', url: url.href, headers: signed, body });
  const text = String(answer.body);
  const element = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  const accessKeyId = element('AccessKeyId');
  const secretAccessKey = element('SecretAccessKey');
  if (answer.status !== 200 || accessKeyId === undefined || secretAccessKey === undefined) {
    throw new StartError(
      `the role ${parameters['RoleArn']} cannot be taken on: ${element('Message') ?? answer.status}`,
    );
  }
  return { accessKeyId, secretAccessKey, sessionToken: element('SessionToken') };
}
