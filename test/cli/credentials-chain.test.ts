import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { credentialsOfChain } from '../../src/cli/credentials/credentials-chain.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeProcesses } from '../../src/env/node-processes.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { startTestServer } from '../server/server-under-test.ts';

type Files = Readonly<Record<string, string>>;

async function idOf(variables: Record<string, string>, files: Files = {}, asked?: string) {
  const missing = (path: string) => Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
  const readFile = async (path: string) => files[path] ?? Promise.reject(missing(path));
  const found = await credentialsOfChain(
    {
      surroundings: { variables: { HOME: '/h', AWS_EC2_METADATA_DISABLED: 'true', ...variables }, readFile },
      client: createHttpClient({ timeoutMs: 60_000, bodyBytesMax: 1e6 }),
      clock: nodeClock,
      processes: () => nodeProcesses({ PATH: process.env['PATH'] }, 'none'),
    },
    asked,
  );
  return found && [found.accessKeyId, found.secretAccessKey, found.sessionToken];
}

const own =
  '[default]\naws_access_key_id = D\naws_secret_access_key = d # mine\n[other]\nregion = eu-west-1\n';

test('variables come before profiles, and a profile that is asked for before both', async () => {
  const files = {
    '/h/.aws/credentials': own,
    '/h/.aws/config': '[profile p]\naws_access_key_id=P\naws_secret_access_key=p',
  };
  const keys = { AWS_ACCESS_KEY_ID: 'V', AWS_SECRET_ACCESS_KEY: 'v', AWS_SESSION_TOKEN: 's' };
  assert.deepEqual(await idOf(keys, files), ['V', 'v', 's']);
  assert.deepEqual(await idOf({}, files), ['D', 'd', undefined]);
  assert.deepEqual(await idOf({ AWS_PROFILE: 'p' }, files), ['P', 'p', undefined]);
  assert.deepEqual(await idOf(keys, files, 'p'), ['P', 'p', undefined]);
  assert.equal(await idOf({}), undefined);
  assert.equal(await idOf({ AWS_PROFILE: 'other' }, files), undefined);
  await assert.rejects(
    idOf({}, files, 'q'),
    /there is no profile q in \/h\/.aws\/credentials and \/h\/.aws\/config/,
  );
});

test('a profile may name a program that answers credentials', async () => {
  const answer = '{"Version":1,"AccessKeyId":"X","SecretAccessKey":"x","SessionToken":"t"}';
  const config = `[default]\ncredential_process = echo warning; echo '${answer}'\n[profile bad]\ncredential_process = false\n`;
  const files = { '/h/.aws/config': config };
  assert.deepEqual(await idOf({}, files), ['X', 'x', 't']);
  await assert.rejects(
    idOf({ AWS_PROFILE: 'bad' }, files),
    /credential_process answers no credentials: false/,
  );
});

test('a profile may take on a role with the keys of another one', async () => {
  await using server = await startTestServer();
  const trust = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  const iam = new IAMClient(server.clientConfig);
  await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: document }));
  const config =
    '[profile role]\nrole_arn = arn:aws:iam::000000000000:role/r\nsource_profile = default\n[profile lonely]\nrole_arn = arn:aws:iam::000000000000:role/r\n';
  const files = { '/h/.aws/config': config, '/h/.aws/credentials': own };
  const at = { AWS_ENDPOINT_URL_STS: server.url };
  const [id, , token] = (await idOf({ ...at, AWS_PROFILE: 'role' }, files)) ?? [];
  assert.match(id ?? '', /^ASIA/);
  assert.ok(token);
  await assert.rejects(
    idOf({ ...at, AWS_PROFILE: 'lonely' }, files),
    /no credentials to take that role on with/,
  );
});

test('who signs in by SSO is told how to get at the credentials', async () => {
  const files = { '/h/.aws/config': '[default]\nsso_session = s\n' };
  await assert.rejects(idOf({}, files), /aws configure export-credentials --profile default/);
});

test('containers and instances are asked in their own ways', async () => {
  const answer = { AccessKeyId: 'M', SecretAccessKey: 'm', Token: 't' };
  const asked: string[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    const token = headers['x-aws-ec2-metadata-token'] ?? headers.authorization;
    asked.push(`${method} ${url} ${token ?? ''}`.trim());
    if (method === 'PUT') response.end('session');
    else if (url?.endsWith('/security-credentials/')) response.end('role');
    else response.end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const container = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/c`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'T',
    };
    assert.deepEqual(await idOf(container), ['M', 'm', 't']);
    const instance = { AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: url };
    assert.deepEqual(await idOf(instance), ['M', 'm', 't']);
    const credentials = '/latest/meta-data/iam/security-credentials/';
    assert.deepEqual(asked, [
      'GET /c T',
      'PUT /latest/api/token',
      `GET ${credentials} session`,
      `GET ${credentials}role session`,
    ]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
