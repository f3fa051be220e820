import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PlaceOptions, placeAt } from '../../src/cli/aws-place.ts';
import type { ServiceName } from '../../src/cli/online.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { createHttpClient } from '../../src/http/client.ts';

const keys = { AWS_ACCESS_KEY_ID: 'ID', AWS_SECRET_ACCESS_KEY: 'SECRET' };
const file =
  '[default]\naws_access_key_id=D\naws_secret_access_key=d\n[role]\nrole_arn=x\n[two]\naws_access_key_id=T\naws_secret_access_key=t\naws_session_token=s\n';

function at(
  named: string | undefined,
  variables: Record<string, string>,
  files: Record<string, string> = {},
) {
  const missing = (path: string) => Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
  const readFile = async (path: string) => files[path] ?? Promise.reject(missing(path));
  return place({ endpoint: named }, variables, readFile);
}

function place(
  options: PlaceOptions,
  variables: Record<string, string>,
  readFile: (path: string) => Promise<string>,
  service: ServiceName = 'iam',
) {
  const surroundings = { variables: { AWS_EC2_METADATA_DISABLED: 'true', ...variables }, readFile };
  return placeAt(options, { surroundings, clock: nodeClock, client: createHttpClient() }, service);
}

test('the endpoint is the one that is named, else that of the variables, else that of a server as it starts', async () => {
  const url = 'http://a:1';
  const both = { ...keys, AWS_ENDPOINT_URL: 'http://b:1', AWS_ENDPOINT_URL_IAM: 'http://c:1' };
  assert.equal((await at(url, both)).endpoint, url);
  assert.equal((await at(undefined, both)).endpoint, 'http://c:1');
  assert.equal((await at(undefined, { ...keys, AWS_ENDPOINT_URL: 'http://b:1' })).endpoint, 'http://b:1');
  assert.equal((await at(undefined, keys)).endpoint, 'http://127.0.0.1:4567');
  assert.equal((await at('unix:/run/s', keys)).endpoint, 'unix:/run/s');
  for (const wrong of ['x', 'ftp://x', 'unix:', 'http://', 'http://[x']) {
    await assert.rejects(at(wrong, keys), { name: 'StartError', message: /^--endpoint must be a URL/ });
  }
});

test('credentials are those of the variables, else those of a profile', async () => {
  const files = {
    '/h/.aws/credentials': file,
    '/else': '[default]\naws_access_key_id=E\naws_secret_access_key=e\n',
  };
  const idOf = async (variables: Record<string, string>) =>
    (await at(undefined, { HOME: '/h', ...variables }, files)).credentials.accessKeyId;
  assert.equal(await idOf(keys), 'ID');
  assert.equal(await idOf({}), 'D');
  assert.equal(await idOf({ AWS_SHARED_CREDENTIALS_FILE: '/else' }), 'E');
  const { credentials } = await at(undefined, { HOME: '/h', AWS_PROFILE: 'two' }, files);
  assert.equal(credentials.sessionToken, 's');
  const { credentials: temporary } = await at(undefined, { ...keys, AWS_SESSION_TOKEN: 'x' });
  assert.equal(temporary.sessionToken, 'x');
  await assert.rejects(
    idOf({ AWS_PROFILE: 'three' }),
    /^StartError: there is no profile three in \/h\/.aws\/credentials and \/h\/.aws\/config$/,
  );
  await assert.rejects(
    at('http://kinesis.example.com', { HOME: '/none' }),
    /^StartError: there are no credentials: set AWS_ACCESS_KEY_ID /,
  );
  await assert.rejects(idOf({ AWS_PROFILE: 'role' }), /profile role has a role_arn, and there are no cred/);
});

test('credentials that are there and cannot be read are not said to be missing', async () => {
  const readFile = () => Promise.reject(Object.assign(new Error('permission denied'), { code: 'EACCES' }));
  await assert.rejects(
    place({}, { HOME: '/h' }, readFile),
    /^StartError: cannot read \/h\/.aws\/credentials: permission denied$/,
  );
});

test('region and certificates are those of the variables', async () => {
  assert.equal((await at(undefined, keys)).region, 'us-east-1');
  const { region, ca } = await at(
    undefined,
    { ...keys, AWS_REGION: 'eu-west-1', AWS_CA_BUNDLE: '/ca' },
    { '/ca': 'PEM' },
  );
  assert.deepEqual([region, ca], ['eu-west-1', 'PEM']);
});

test('a server on this machine is asked as nobody where there are no credentials at all', async () => {
  for (const near of ['http://127.0.0.1:4567', 'https://localhost', 'http://[::1]:1', 'unix:/run/s']) {
    assert.equal((await at(near, { HOME: '/none' })).credentials.accessKeyId, 'anonymous');
  }
  await assert.rejects(at('unix:/run/s', { HOME: '/none', AWS_PROFILE: 'two' }), /there is no profile two/);
});

test('at AWS every service has a host of its own, and IAM one for all regions of a partition', async () => {
  const hostOf = async (endpoint: string, service: ServiceName) => {
    const found = await place({ endpoint }, keys, () => Promise.reject(new Error('no file')), service);
    return [found.endpoint, found.region];
  };
  const ireland = ['https://kinesis.eu-west-1.amazonaws.com', 'eu-west-1'];
  assert.deepEqual(await hostOf('aws:eu-west-1', 'kinesis'), ireland);
  const beijing = ['https://lambda.cn-north-1.amazonaws.com.cn', 'cn-north-1'];
  assert.deepEqual(await hostOf('aws:cn-north-1', 'lambda'), beijing);
  assert.deepEqual(await hostOf('aws:eu-west-1', 'iam'), ['https://iam.amazonaws.com', 'us-east-1']);
  await assert.rejects(hostOf('aws:', 'iam'), /^StartError: --endpoint must be a URL/);
});
