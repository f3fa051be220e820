import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect as connectHttp2, constants } from 'node:http2';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { HttpMessage } from '../../../src/env/network.ts';
import { type Server, startServer } from '../../../src/server/server.ts';
import { RawClient } from '../../http/raw-client.ts';
import { times } from '../../length.ts';
import { temporaryDirectory } from '../../server/process.ts';
import { accessKeyId, key, type Order, sign, withHeader } from './signer.ts';

// A server that verifies, as it listens: no request that was changed on its way is obeyed.

let server: Server;
const directory = temporaryDirectory();

before(async () => {
  const credentials = join(directory.path, 'credentials');
  writeFileSync(
    credentials,
    `[one]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${key.secretAccessKey}\n`,
  );
  server = await startServer({ memory: true, workers: 0, port: 0, credentials, limits: 'none' });
});
after(async () => {
  await server.close();
  directory[Symbol.dispose]();
});

/** CreateStream: what is obeyed can be seen. */
function create(name: string, more: Partial<Order> = {}): Promise<HttpMessage> {
  return sign({
    at: Date.now(),
    body: `{"StreamName":"${name}","ShardCount":1}`,
    ...more,
    headers: {
      host: `127.0.0.1:${server.endpoint.port}`,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.CreateStream',
      ...more.headers,
    },
  });
}

function list(): Promise<HttpMessage> {
  return create('', {
    body: '{"Limit":10000}',
    headers: { 'x-amz-target': 'Kinesis_20131202.ListStreams' },
  });
}

async function streamNames(): Promise<string[]> {
  const { body } = await server.handle(await list());
  return JSON.parse(String(body)).StreamNames;
}

function wireOf({ method, target, rawHeaders, body }: HttpMessage, more = ''): string {
  let head = `${method} ${target} HTTP/1.1\r\n`;
  for (let at = 0; at < rawHeaders.length; at += 2) head += `${rawHeaders[at]}: ${rawHeaders[at + 1]}\r\n`;
  return `${head}${more}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body.toString('latin1')}`;
}

/** The status of an answer to bytes that come at once, after which the client says no more; 0 without one. */
async function statusOf(wire: string): Promise<number> {
  const client = new RawClient(server).say(Buffer.from(wire, 'latin1'));
  client.socket.end();
  return Number(/^HTTP\/1\.1 (\d+)/.exec(await client.all())?.[1] ?? 0);
}

test('a request is refused when a byte of it changes on the wire, or is lost', async () => {
  const wire = wireOf(await list());
  const end = wire.indexOf('Content-Length');
  const body = wire.indexOf('\r\n\r\n') + 4;
  const plainest = (text: string) =>
    text
      .slice(0, body)
      .toLowerCase()
      .replace(/[ \t]+/g, ' ') + text.slice(body);
  assert.equal(await statusOf(wire), 200);
  for (let at = 0; at < wire.length; at += times(3, 1)) {
    // Length and connection are not signed: they say where the body ends, and that is signed.
    if (at >= end && at < body) continue;
    const other = String.fromCharCode(wire.charCodeAt(at) ^ (1 << (at % 7)));
    for (const instead of [other, '']) {
      const changed = wire.slice(0, at) + instead + wire.slice(at + 1);
      const status = await statusOf(changed);
      if (status === 200 && !isSame(plainest(changed), plainest(wire))) assert.fail(JSON.stringify(changed));
    }
  }
});

/** HTTP/1.0 asks for the same, and its number is not signed. */
function isSame(left: string, right: string): boolean {
  const unversioned = (text: string) => text.replace(/^(.* http\/1\.)\d/, '$1');
  return unversioned(left) === unversioned(right);
}

const forms: Record<string, (request: HttpMessage) => string> = {
  'a length and chunks': (request) => wireOf(request, 'Transfer-Encoding: chunked\r\n'),
  'a coding that is almost chunked': (request) => wireOf(request, 'Transfer-Encoding: xchunked\r\n'),
  'two lengths': (request) => wireOf(request, 'Content-Length: 1\r\n'),
  'a length with a sign': (request) => wireOf(request).replace('Content-Length: ', 'Content-Length: +'),
  'a bare line feed': (request) => wireOf(request).replace('\r\n', '\n'),
  'bare line feeds in its head': (request) => wireOf(request).replaceAll('\r\n', '\n'),
  'a folded header': (request) => wireOf(request, 'X: a\r\n b\r\n'),
  'a folded Authorization': (request) => wireOf(request).replace(', SignedHeaders', ',\r\n SignedHeaders'),
  'a space before a colon': (request) => wireOf(request, 'X : a\r\n'),
  'a space before the colon of its target': (request) =>
    wireOf(request).replace('x-amz-target:', 'x-amz-target :'),
  'no host': (request) => wireOf(withHeader(request, 'host', undefined)),
  'two hosts': (request) => wireOf(request, 'Host: elsewhere\r\n'),
  'two equal hosts': (request) => wireOf(request, `Host: 127.0.0.1:${server.endpoint.port}\r\n`),
  'two dates': (request) => wireOf(request, 'X-Amz-Date: 20200101T000000Z\r\n'),
  'two targets': (request) => wireOf(request, 'X-Amz-Target: Kinesis_20131202.DeleteStream\r\n'),
  'two authorizations': (request) => wireOf(request, 'Authorization: AWS4-HMAC-SHA256 x\r\n'),
  'an x-amz- header that is not signed': (request) => wireOf(request, 'X-Amz-Meta: a\r\n'),
  'a token that is not signed': (request) => wireOf(request, 'X-Amz-Security-Token: a\r\n'),
  'a signature in its query, too': (request) =>
    wireOf(request).replace(' / ', ` /?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${accessKeyId} `),
  'another host': (request) => wireOf(withHeader(request, 'host', 'elsewhere')),
  'a path with a host in it': (request) => wireOf(request).replace(' / ', ' http://elsewhere/ '),
  'a NUL in a header': (request) => wireOf(request, 'X: a\0b\r\n'),
};
for (const [what, wire] of Object.entries(forms)) {
  test(`a signed request with ${what} is refused`, async () => {
    const status = await statusOf(wire(await create('smuggled')));
    assert.ok(status >= 400 && status < 500, `${status}`);
    assert.deepEqual(
      (await streamNames()).filter((name) => name === 'smuggled'),
      [],
    );
  });
}

for (const declared of [
  'UNSIGNED-PAYLOAD',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD',
  '',
]) {
  test(`a body that is declared as '${declared}' in a header that is signed is refused`, async () => {
    const signed = await create('declared', { headers: { 'x-amz-content-sha256': declared } });
    assert.equal(await statusOf(wireOf(signed)), 400);
    assert.deepEqual(
      (await streamNames()).filter((name) => name === 'declared'),
      [],
    );
  });
}

test('what a proxy says of the host, the caller and the method is not believed', async () => {
  const signed = await create('proxied');
  const elsewhere = withHeader(signed, 'host', 'elsewhere');
  const forwarded = [
    `X-Forwarded-Host: 127.0.0.1:${server.endpoint.port}`,
    `Forwarded: host="127.0.0.1:${server.endpoint.port}"`,
    `X-Original-Host: 127.0.0.1:${server.endpoint.port}`,
    'X-HTTP-Method-Override: POST',
    'X-Original-URL: /',
  ];
  for (const line of forwarded) assert.equal(await statusOf(wireOf(elsewhere, `${line}\r\n`)), 400, line);
  assert.deepEqual(
    (await streamNames()).filter((name) => name === 'proxied'),
    [],
  );
  const more = `${forwarded.map((line) => line.replace(/127.*\d/, 'elsewhere')).join('\r\n')}\r\n`;
  assert.equal(await statusOf(wireOf(signed, more)), 200);
});

test('what follows the body of a signed request is no part of it, and no request of its caller', async () => {
  const signed = wireOf(await create('first')).replace('Connection: close\r\n', '');
  const second =
    'POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Kinesis_20131202.CreateStream\r\nContent-Length: 44\r\n\r\n';
  const client = new RawClient(server).say(`${signed}${second}{"StreamName":"second","ShardCount":1}      `);
  client.socket.end();
  const answers = (await client.all()).match(/HTTP\/1\.1 \d+/g);
  assert.deepEqual(
    answers?.map((line) => line.slice(9, 10)),
    ['2', '4'],
  );
  assert.deepEqual(
    (await streamNames()).filter((name) => name === 'second'),
    [],
  );
});

const resets: readonly number[] = [constants.NGHTTP2_PROTOCOL_ERROR, constants.NGHTTP2_INTERNAL_ERROR];
const headersOfHttp2: Record<string, (headers: Record<string, string | string[]>) => object> = {
  'another authority': (headers) => ({ ...headers, ':authority': 'elsewhere' }),
  'another host besides its authority': (headers) => ({ ...headers, host: 'elsewhere' }),
  'another method': (headers) => ({ ...headers, ':method': 'PUT' }),
  'another path': (headers) => ({ ...headers, ':path': '/?a=b' }),
  'a path with a host in it': (headers) => ({ ...headers, ':path': 'http://elsewhere/' }),
  'two targets': (headers) => ({
    ...headers,
    'x-amz-target': ['Kinesis_20131202.CreateStream', 'Kinesis_20131202.DeleteStream'],
  }),
  'two dates': (headers) => ({
    ...headers,
    'x-amz-date': [headers['x-amz-date'], '20200101T000000Z'].flat(),
  }),
  'an x-amz- header that is not signed': (headers) => ({ ...headers, 'x-amz-meta': 'a' }),
  'a signature in its query, too': (headers) => ({
    ...headers,
    ':path': '/?X-Amz-Algorithm=AWS4-HMAC-SHA256',
  }),
  'a length that is not that of its body': (headers) => ({ ...headers, 'content-length': '1' }),
};

test('a request over HTTP/2, signed as it comes, is obeyed', async () => {
  assert.equal(await statusOverHttp2(await create('over-http2'), (headers) => headers), 200);
});

for (const [what, change] of Object.entries(headersOfHttp2)) {
  test(`a signed request over HTTP/2 with ${what} is refused`, async () => {
    const status = await statusOverHttp2(await create('smuggled-over-http2'), change);
    assert.ok(resets.includes(status) || (status >= 400 && status < 500), `${status}`);
    assert.deepEqual(
      (await streamNames()).filter((name) => name === 'smuggled-over-http2'),
      [],
    );
  });
}

/** The status, or the code that the stream was reset with. */
async function statusOverHttp2(
  { method, target, rawHeaders, body }: HttpMessage,
  change: (headers: Record<string, string | string[]>) => object,
): Promise<number> {
  const headers: Record<string, string> = { ':method': method, ':path': target };
  for (let at = 0; at < rawHeaders.length; at += 2) {
    headers[rawHeaders[at] === 'host' ? ':authority' : rawHeaders[at]!] = rawHeaders[at + 1]!;
  }
  const session = connectHttp2(server.url);
  session.on('error', () => {});
  try {
    return await new Promise((resolve) => {
      const stream = session.request({ ...change(headers) });
      stream.on('response', (answer) => resolve(Number(answer[':status'])));
      stream.on('error', () => {}).on('close', () => resolve(stream.rstCode ?? 0));
      stream.end(body);
    });
  } finally {
    session.destroy();
  }
}
