import type { SigningCredentials } from '../../access/sigv4/sign.ts';
import type { ClientAnswer } from '../../env/http-client.ts';
import { StartError } from '../../env/start-error.ts';
import type { ChainWorld } from './credentials-chain.ts';

/** What ECS, EKS and EC2 answer. */
type Answered = { readonly AccessKeyId?: string; readonly SecretAccessKey?: string; readonly Token?: string };

/**
 * Credentials of the task or pod (AWS SDKs and Tools reference guide, "Container credential provider");
 * undefined where no variable names any. Rejects with `StartError` when they do not come.
 */
export async function containerCredentials({
  surroundings: { variables, readFile },
  client,
}: ChainWorld): Promise<SigningCredentials | undefined> {
  const relative = variables['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
  const url = relative ? `http://169.254.170.2${relative}` : variables['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  if (!url) return undefined;
  const file = variables['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
  const token = file ? (await readFile(file)).trim() : variables['AWS_CONTAINER_AUTHORIZATION_TOKEN'];
  const headers: Record<string, string> = token ? { authorization: token } : {};
  try {
    return read(await client.send({ method: 'GET', url, headers, body: '', timeoutMs: 5_000 }));
  } catch (error) {
    throw new StartError(`the container's credentials do not come from ${url}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * Credentials of the instance, by IMDSv2 (Amazon EC2 user guide, "Use the Instance Metadata Service");
 * undefined where there is no such service, which takes a second to find out.
 */
export async function instanceCredentials({
  surroundings: { variables },
  client,
}: ChainWorld): Promise<SigningCredentials | undefined> {
  if (/^true$/i.test(variables['AWS_EC2_METADATA_DISABLED'] ?? '')) return undefined;
  const base = `${variables['AWS_EC2_METADATA_SERVICE_ENDPOINT'] || 'http://169.254.169.254'}/latest`;
  const ask = async (method: string, path: string, headers: Record<string, string>) => {
    const answer = await client.send({ method, url: `${base}${path}`, headers, body: '', timeoutMs: 1_000 });
    if (answer.status !== 200) throw new Error(`it answered ${answer.status}`);
    return answer;
  };
  try {
    const lifetime = { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' };
    const token = String((await ask('PUT', '/api/token', lifetime)).body);
    const headers = { 'x-aws-ec2-metadata-token': token };
    const roles = '/meta-data/iam/security-credentials/';
    const role = String((await ask('GET', roles, headers)).body).trim();
    return read(await ask('GET', `${roles}${role}`, headers));
  } catch {
    // Most machines are no instances, and an instance need not have a role.
    return undefined;
  }
}

function read({ status, body }: ClientAnswer): SigningCredentials {
  if (status !== 200) throw new Error(`it answered ${status}`);
  const { AccessKeyId, SecretAccessKey, Token }: Answered = JSON.parse(String(body));
  if (!AccessKeyId || !SecretAccessKey) throw new Error('there is no access key in the answer');
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token };
}
