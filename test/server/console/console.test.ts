import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { HttpRequest, HttpResponse } from '../../../src/env/network.ts';
import { nodeRandom } from '../../../src/env/node-random.ts';
import { tlsOnly } from '../../../src/rpc/tls-only.ts';
import { ConsoleAnswers } from '../../../src/server/console/console-answers.ts';
import { consolePages } from '../../../src/server/console/console-pages.ts';
import { defaultOptions, type ServerOptions } from '../../../src/server/options.ts';
import { startTestServer } from '../../../src/server/testing.ts';

const config = {
  Version: '1.2.3',
  Signed: true,
  ReadOnly: false,
  Region: 'eu-central-1',
  AnyRegion: false,
  Account: '000000000000',
  Engine: 'memory',
} as const;

const script = Buffer.from('export const a = 1;'.repeat(100));
const built = new Map([
  ['index.html', Buffer.from('<!doctype html>')],
  ['main-abcdefgh.js', script],
  ['notes.txt', Buffer.from('not of the console')],
]);

function asked(target: string, rawHeaders: readonly string[] = [], peer = {}): HttpRequest {
  const here = { address: '127.0.0.1', secure: false, listener: '127.0.0.1:4567', ...peer };
  return { method: 'GET', target, rawHeaders, body: Buffer.alloc(0), peer: here };
}

const answers = new ConsoleAnswers(config, async () => built);

function answer(target: string, ...rawHeaders: string[]): Promise<HttpResponse> {
  return answers.answer(asked(target, rawHeaders));
}

test('a script is packed for whoever takes it so, and kept by browsers for good', async () => {
  const plain = await answer('/console/main-abcdefgh.js');
  assert.equal(plain.status, 200);
  assert.equal(plain.headers['Content-Type'], 'text/javascript; charset=utf-8');
  assert.match(plain.headers['Cache-Control']!, /immutable/);
  assert.deepEqual(plain.body, script);
  const packed = await answer('/console/main-abcdefgh.js', 'Accept-Encoding', 'br, gzip;q=0.8');
  assert.equal(packed.headers['Content-Encoding'], 'gzip');
  assert.deepEqual(gunzipSync(packed.body as Buffer), script);
  for (const refusing of ['gzip;q=0', 'br', 'gzip; q=0.000, br', 'x-gzipped']) {
    const { headers } = await answer('/console/main-abcdefgh.js', 'Accept-Encoding', refusing);
    assert.equal(headers['Content-Encoding'], undefined, refusing);
  }
});

test('what a browser has already is not sent again', async () => {
  const { headers } = await answer('/console/main-abcdefgh.js');
  for (const known of [headers['ETag']!, `"other", ${headers['ETag']}`, headers['ETag']!.slice(2), '*']) {
    const again = await answer('/console/main-abcdefgh.js', 'If-None-Match', known);
    assert.deepEqual([again.status, again.body, again.headers['ETag']], [304, '', headers['ETag']], known);
  }
  assert.equal((await answer('/console/main-abcdefgh.js', 'If-None-Match', '"other"')).status, 200);
});

test('every path that is no file is the page, which is asked for each time', async () => {
  for (const path of [
    '',
    'index.html',
    'streams/orders',
    'streams/a.js',
    '?filter=a',
    'a/../..',
    'notes.txt',
  ]) {
    const { status, headers, body } = await answer(`/console/${path}`);
    assert.equal(status, 200, path);
    assert.equal(String(body), '<!doctype html>');
    assert.equal(headers['Cache-Control'], 'no-cache');
  }
});

test('a file of another version is none', async () => {
  const { status, headers } = await answer('/console/main-of-before.js');
  assert.equal(status, 404);
  assert.equal(headers['Content-Type'], 'text/plain; charset=utf-8');
});

test('every answer keeps the page to itself', async () => {
  for (const target of ['/console/', '/console/main-abcdefgh.js', '/console/x.css', '/console/config.json']) {
    const { headers } = await answer(target);
    assert.equal(
      headers['Content-Security-Policy'],
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    assert.equal(headers['X-Content-Type-Options'], 'nosniff');
    assert.equal(headers['Referrer-Policy'], 'no-referrer');
    assert.equal(headers['Cross-Origin-Opener-Policy'], 'same-origin');
    assert.match(headers['Permissions-Policy']!, /camera=\(\)/);
  }
});

test('what the server is, is said without a signature, and whether the browser has shown a certificate', async () => {
  const { headers, body } = await answer('/console/config.json');
  assert.equal(headers['Cache-Control'], 'no-store');
  assert.deepEqual(JSON.parse(String(body)), { ...config, Certified: false });
  const certificate = { subject: 'ada', uris: [], fingerprint: '9C:0F' };
  const shown = await answers.answer(asked('/console/config.json?x', [], { certificate }));
  assert.equal(JSON.parse(String(shown.body)).Certified, true);
});

test('a checkout in which nothing was built says how to build it', async () => {
  const { status, body } = await new ConsoleAnswers(config, async () => new Map()).answer(asked('/console/'));
  assert.equal(status, 404);
  assert.match(String(body), /npm start.*npm run build/);
});

test('what could not be read once is read when somebody asks again', async () => {
  let reads = 0;
  const flaky = new ConsoleAnswers(config, async () => {
    reads += 1;
    if (reads === 1) throw new Error('EMFILE');
    return built;
  });
  await assert.rejects(flaky.answer(asked('/console/')), /EMFILE/);
  assert.equal((await flaky.answer(asked('/console/'))).status, 200);
  await flaky.answer(asked('/console/streams'));
  assert.equal(reads, 2);
});

async function statusAt(options: Partial<ServerOptions>, target: string, peer = {}): Promise<HttpResponse> {
  await using server = await startTestServer(options);
  return await server.handle({ ...asked(target, ['Host', 'localhost'], peer) });
}

test('a server has a console unless it is told otherwise, and says what it may do', async () => {
  const { status, headers } = await statusAt({}, '/console');
  assert.deepEqual([status, headers['Location']], [307, '/console/']);
  const off = await statusAt({ console: 'off' }, '/console/');
  assert.equal(off.status, 403);
  assert.match(String(off.body), /Unable to determine service\/operation name/);
  for (const [options, readOnly] of [
    [{}, false],
    [{ console: 'read-only' }, true],
  ] as const) {
    const { body } = await statusAt({ ...options, auth: 'required' }, '/console/config.json');
    const { ReadOnly, Signed, AnyRegion } = JSON.parse(String(body));
    assert.deepEqual([ReadOnly, Signed, AnyRegion], [readOnly, true, true]);
  }
});

test('where a server answers over TLS only, a browser without it is sent there', async () => {
  const console = consolePages({ ...defaultOptions, console: 'on' }, true);
  const served = tlsOnly([], { random: nodeRandom(), pages: console }, async () => ({
    status: 200,
    headers: {},
    body: '',
  }));
  const headers = ['Host', 'streams.example:4567'];
  const sent = await served(asked('/console/streams?filter=a', headers));
  assert.deepEqual(
    [sent.status, sent.headers['Location']],
    [307, 'https://streams.example:4567/console/streams?filter=a'],
  );
  assert.equal((await served(asked('/console/', headers, { secure: true }))).status, 200);
});

test('the console of an open server is not there for names that somebody pointed at this machine', async () => {
  await using server = await startTestServer();
  for (const target of ['/console', '/console/', '/console/config.json']) {
    const { status, body } = await server.handle(asked(target, ['Host', 'evil.example']));
    assert.equal(status, 400, target);
    assert.match(String(body), /answers to loopback names only/);
  }
});
