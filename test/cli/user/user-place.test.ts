import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onlineAt } from '../../../src/cli/user/user-place.ts';

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
  return onlineAt(named, { variables, readFile });
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
    /^StartError: there are no credentials: AWS_PROFILE is three, and \/h\/.aws\/credentials has no such profile$/,
  );
  await assert.rejects(
    at('http://kinesis.example.com', { HOME: '/none' }),
    /set AWS_ACCESS_KEY_ID .*\/none\/.aws\/credentials$/,
  );
  await assert.rejects(idOf({ AWS_PROFILE: 'role' }), /line 4: profile role has no aws_access_key_id/);
});

test('credentials that are there and cannot be read are not said to be missing', async () => {
  const readFile = () => Promise.reject(Object.assign(new Error('permission denied'), { code: 'EACCES' }));
  await assert.rejects(
    onlineAt(undefined, { variables: { HOME: '/h' }, readFile }),
    /^StartError: cannot read the credentials in \/h\/.aws\/credentials: permission denied$/,
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
  await assert.rejects(at('unix:/run/s', { HOME: '/none', AWS_PROFILE: 'two' }), /AWS_PROFILE is two/);
});
