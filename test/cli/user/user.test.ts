import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startTestServer } from '../../../src/server/testing.ts';

import { makeClientAuthority } from '../../http/tls/client-certificates.ts';
import { MillraceProcess, temporaryDirectory } from '../../server/process.ts';
import { signedCall } from '../../server/signed-call.ts';
import { runCommand } from '../command-under-test.ts';

type Variables = Readonly<Record<string, string>>;
type Key = { readonly userName: string; readonly accessKeyId: string; readonly secretAccessKey: string };

/** What `millrace user …` prints. */
async function user(args: readonly string[], variables: Variables = {}): Promise<string> {
  return (await runCommand(['user', ...args], { variables })).out;
}

async function keyOf(args: readonly string[], variables?: Variables): Promise<Key> {
  return JSON.parse(await user([...args, '--json'], variables));
}

const variablesOf = ({ accessKeyId, secretAccessKey }: Key, url: string): Variables => ({
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
});

/** What a key holder is answered to ListStreams: 200, or the error's name. */
async function answerTo({ accessKeyId, secretAccessKey }: Key, url: string): Promise<string> {
  const { status, body } = await signedCall(url, { accessKeyId, key: { secretAccessKey } });
  return status === 200 ? '200' : JSON.parse(body).__type;
}

const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'kinesis:ListStreams', Resource: '*' }],
});

test('users are managed in a data directory that no server uses, account by account', async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, 'data');
  const file = join(directory.path, 'read.json');
  writeFileSync(file, policy);
  const place = ['--data', data];
  await assert.rejects(user(['list', ...place]), {
    name: 'StartError',
    message: `there is no data directory ${data}`,
  });
  assert.ok(!existsSync(data));

  const text = await user(['create', 'ann', '--policy', file, ...place]);
  const form =
    /^\[ann\]\naws_access_key_id = (AKIA\w{16})\naws_secret_access_key = (\S{40})\n# The secret is shown this once\.\n$/;
  const [, id, secret] = form.exec(text)!;
  assert.ok(!(await user(['list', ...place, '--json'])).includes(secret!));
  const listed = await user(['list', ...place]);
  assert.match(
    listed,
    new RegExp(`^USER +ACCESS KEY +STATUS +MADE\nann +${id} +active +\\d{4}-\\d\\d-\\d\\dT`),
  );
  assert.equal(await user(['policy', 'ann', ...place]), 'of its own  read\n');
  assert.match(
    await user(['policy', 'ann', '--attach', 'arn:aws:iam::aws:policy/ReadOnlyAccess', ...place]),
    /attached/,
  );
  await user(['policy', 'ann', '--detach', 'arn:aws:iam::aws:policy/ReadOnlyAccess', ...place]);
  await user(['policy', 'ann', '--put', file, '--name', 'more', ...place]);
  assert.equal(await user(['policy', 'ann', '--remove', 'read', ...place]), 'of its own  more\n');

  const kept = await keyOf(['rotate', 'ann', '--keep-old', ...place]);
  await assert.rejects(user(['rotate', 'ann', ...place]), /has as many access keys as a user may have/);
  assert.equal(
    await user(['revoke', 'ann', '--key', id!, '--deactivate', ...place]),
    `${id} is deactivated.\n`,
  );
  assert.match(await user(['list', ...place]), /inactive/);
  assert.equal(await user(['revoke', 'ann', '--key', id!, ...place]), `${id} is deleted.\n`);
  assert.match(await user(['list', ...place]), new RegExp(kept.accessKeyId));

  const other = [...place, '--account', '111111111111'];
  assert.equal(await user(['list', ...other]), 'There are no users.\n');
  assert.equal((await keyOf(['create', '--root', ...other])).userName, 'root');
  assert.equal(await user(['revoke', 'ann', '--delete', ...place]), 'ann is deleted.\n');
  assert.equal(await user(['list', ...place]), 'There are no users.\n');
});

test('an operator who has lost both keys of the root user takes one back and makes another', async () => {
  using directory = temporaryDirectory();
  const place = ['--data', directory.path];
  const lost = await keyOf(['create', '--root', ...place]);
  const last = await keyOf(['create', '--root', ...place]);
  await assert.rejects(user(['create', '--root', ...place]), {
    name: 'IamError',
    message: new RegExp(`^root has as many access keys as a user may have, .*${lost.accessKeyId}`),
  });
  assert.match(await user(['list', ...place]), /^root +AKIA\w{16} +active .*\n +AKIA\w{16} +active/m);
  const revoke = ['revoke', '--root', '--key', lost.accessKeyId, ...place];
  assert.equal(await user(revoke), `${lost.accessKeyId} is deleted.\n`);
  const made = await keyOf(['create', '--root', ...place]);
  const listed = JSON.parse(await user(['list', '--json', ...place])) as { arn: string; keys: object[] }[];
  assert.deepEqual(
    listed.map(({ arn, keys }) => [arn, keys.length]),
    [['arn:aws:iam::000000000000:root', 2]],
  );
  assert.ok(new Set([lost, last, made].map(({ accessKeyId }) => accessKeyId)).size === 3);
});

test('a user is made with all that was asked for, or not at all', async () => {
  using directory = temporaryDirectory();
  const place = ['--data', directory.path];
  const asked = [
    'create',
    'ann',
    '--policy-arn',
    'arn:aws:iam::aws:policy/ReadOnlyAccess',
    '--group',
    'none',
  ];
  await assert.rejects(user([...asked, ...place]), { name: 'IamError', message: /none cannot be found/ });
  await assert.rejects(
    user(['create', 'ann', '--policy', 'no-file', ...place]),
    /cannot read the policy in no-file/,
  );
  assert.equal(await user(['list', ...place]), 'There are no users.\n');
});

test('users are managed on a running server, and what they may do changes at once', async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, 'data');
  const file = join(directory.path, 'read.json');
  writeFileSync(file, policy);
  const root = await keyOf(['create', '--root', '--data', data]);
  await using server = new MillraceProcess(['serve', '--data', data, '--port', '0', '--workers', '0']);
  const url = await server.ready();
  await assert.rejects(user(['list', '--data', data]), /is in use by another server/);

  const asRoot = variablesOf(root, url);
  const ann = await keyOf(['create', 'ann'], asRoot);
  assert.equal(await answerTo(ann, url), 'AccessDeniedException');
  await user(['policy', 'ann', '--put', file], asRoot);
  assert.equal(await answerTo(ann, url), '200');
  const next = await keyOf(['rotate', 'ann'], asRoot);
  assert.deepEqual(
    [await answerTo(ann, url), await answerTo(next, url)],
    ['UnrecognizedClientException', '200'],
  );
  await assert.rejects(user(['list'], variablesOf(next, url)), {
    name: 'IamError',
    message: /is not authorized to perform: iam:ListUsers/,
  });

  const line = await MillraceProcess.run(['user', 'list'], { env: asRoot });
  assert.match(line.stdout, new RegExp(next.accessKeyId));
  assert.deepEqual([line.code, line.stderr], [0, '']);
  const refused = await MillraceProcess.run(['user', 'create', 'ann'], { env: asRoot });
  assert.deepEqual(refused, {
    ...{ code: 1, signal: null, stdout: '' },
    stderr: 'millrace: User with name ann already exists.\n',
  });
  await user(['revoke', 'ann', '--delete'], asRoot);
  assert.equal(await answerTo(next, url), 'UnrecognizedClientException');
});

test('a server that is not there, and one that is another, cannot be asked', async () => {
  await using server = await startTestServer();
  const { url } = server;
  const key = { userName: '', accessKeyId: 'A', secretAccessKey: 'b' };
  await assert.rejects(user(['list'], variablesOf(key, `${url}/health`)), { message: /does not speak IAM/ });
  const gone = await MillraceProcess.run(['user', 'list', '--endpoint', 'http://127.0.0.1:1'], {
    env: variablesOf(key, url),
  });
  assert.equal(gone.code, 2);
  assert.match(gone.stderr, /^millrace: cannot reach http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/);
});

test('whose certificate is not trusted is not asked, and the command says what helps', async () => {
  await using server = new MillraceProcess(['serve', '--memory', '--port', '0', '--require-tls']);
  const url = await server.ready();
  assert.match(url, /^https:/);
  const key = { userName: '', accessKeyId: 'A', secretAccessKey: 'b' };
  await assert.rejects(user(['list'], variablesOf(key, url)), {
    name: 'StartError',
    message: /^cannot reach https:.*: its certificate is not trusted \(\w+\); AWS_CA_BUNDLE names one/,
  });
});

test('a server that asks for a certificate is asked by way of a Unix socket', async () => {
  using directory = temporaryDirectory();
  const ca = join(directory.path, 'ca.pem');
  writeFileSync(ca, (await makeClientAuthority()).certificate);
  await using server = await startTestServer({ clientCa: ca });
  const url = server.url.replace('127.0.0.1', 'localhost');
  const bundle = join(directory.path, 'bundle.pem');
  writeFileSync(bundle, await (await fetch(`${url.replace('https', 'http')}/ca.pem`)).text());
  const key = { userName: '', accessKeyId: 'A', secretAccessKey: 'b' };
  await assert.rejects(user(['list'], { ...variablesOf(key, url), AWS_CA_BUNDLE: bundle }), {
    name: 'StartError',
    message: /: it asks clients for a certificate, which this command has none of; a Unix socket/,
  });
});

test('a Unix socket is an endpoint', async () => {
  using directory = temporaryDirectory();
  const socket = join(directory.path, 's');
  await using _ = await startTestServer({ listen: `local=unix:${socket}` });
  const key = { userName: '', accessKeyId: 'A', secretAccessKey: 'b' };
  assert.equal(
    await user(['list', '--endpoint', `unix:${socket}`], variablesOf(key, '')),
    'There are no users.\n',
  );
});
