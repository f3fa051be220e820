import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { metricsAccess } from '../../../src/server/metrics-access.ts';
import { Harness } from '../../services/kinesis/harness.ts';
import { temporaryDirectory } from '../process.ts';

const token = '0123456789abcdef0123456789abcdef';

test('where signatures are not verified anybody sees metrics, elsewhere nobody unless it is said', async () => {
  assert.equal((await metricsAccess({ metrics: undefined }, false))({}), undefined);
  assert.equal((await metricsAccess({ metrics: undefined }, true))({})?.status, 403);
  assert.equal((await metricsAccess({ metrics: 'on' }, true))({}), undefined);
  assert.equal((await metricsAccess({ metrics: 'off' }, false))({})?.status, 403);
});

test('a listener that is named shows metrics to who comes to it, and to nobody else', async () => {
  const access = await metricsAccess({ metrics: 'listener:inside' }, true);
  assert.equal(access({ listener: 'inside' }), undefined);
  assert.equal(access({ listener: 'outside' })?.status, 403);
  assert.equal(access({})?.status, 403);
});

test('a token opens metrics, and neither another one nor none does', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'token');
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  const access = await metricsAccess({ metrics: `file:${path}` }, true);
  assert.equal(access({ authorization: `Bearer ${token}` }), undefined);
  assert.equal(access({ authorization: `bearer  ${token}` }), undefined);
  for (const authorization of [
    undefined,
    '',
    'Bearer',
    `Basic ${token}`,
    `Bearer ${token}0`,
    `Bearer ${token.slice(1)}`,
  ]) {
    const refused = access({ authorization });
    assert.deepEqual(
      [refused?.status, refused?.headers['WWW-Authenticate']],
      [401, 'Bearer realm="metrics"'],
    );
  }
});

test('a token that can be guessed, or cannot be sent, ends the start in one line', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'token');
  for (const text of ['', 'short', 'with a space in it and long enough', `${token}\n${token}`]) {
    writeFileSync(path, text, { mode: 0o600 });
    await assert.rejects(metricsAccess({ metrics: `file:${path}` }, true), {
      name: 'StartError',
      message: /^--metrics: the file \S+ must hold a token of at least 16 letters, digits and [^\n]*$/,
    });
  }
  await assert.rejects(metricsAccess({ metrics: 'env:MILLRACE_NO_SUCH_VARIABLE' }, true), {
    message: '--metrics: the variable MILLRACE_NO_SUCH_VARIABLE is not set',
  });
});

test('a server shows its streams in /metrics, to GET and HEAD, and only where it may', async () => {
  await using server = await Harness.start();
  await server.createStream('orders', 2);
  const get = { method: 'GET', target: '/metrics', rawHeaders: ['Host', 'localhost'], body: Buffer.alloc(0) };
  const { status, headers, body } = await server.send(get);
  assert.equal(status, 200);
  assert.equal(headers['Content-Type'], 'text/plain; version=0.0.4; charset=utf-8');
  assert.match(
    body.toString(),
    /\nmillrace_stream_open_shards\{account="000000000000",region="us-east-1",stream="orders"\} 2\n/,
  );
  assert.equal((await server.send({ ...get, method: 'HEAD' })).status, 200);
  await using signed = await Harness.start({ auth: 'required' });
  assert.equal((await signed.send(get)).status, 403);
});
