import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2, type OutgoingHttpHeaders } from 'node:http2';
import { test } from 'node:test';
import { canSharePorts } from '../../src/http/shared-port.ts';
import { startTestServer, type TestServer } from '../../src/server/testing.ts';
import { authorization, jsonType } from '../services/kinesis/harness.ts';
import { RawClient } from './raw-client.ts';

const canShare = await canSharePorts();

/** What a page could have a browser send, byte for byte: the signature is one of zeros. */
function create(host: string, more = ''): string {
  return (
    `POST / HTTP/1.1\r\nHost: ${host}\r\n${more}X-Amz-Date: 20260709T123000Z\r\nAuthorization: ${authorization}\r\n` +
    `X-Amz-Target: Kinesis_20131202.CreateStream\r\nContent-Type: ${jsonType}\r\n` +
    'Connection: close\r\nContent-Length: 28\r\n\r\n{"StreamName": "of-a-page" }'
  );
}

for (const workers of [0, 2]) {
  const skip = workers > 0 && !canShare ? 'this system does not spread the connections of a port' : false;
  test(`a page of elsewhere reaches no server without credentials: ${workers} workers`, {
    skip,
  }, async () => {
    await using server = await startTestServer({ workers });
    const listening = { endpoint: endpointOf(server), close: async () => {} };
    const asked = [
      create('localhost:4567', 'Origin: https://evil.example\r\n'),
      create('localhost:4567', 'Origin: null\r\n'),
      create('rebind.example:4567'),
      create('127.0.0.1.evil.example'),
      create('localhost.evil.example'),
    ];
    for (const request of asked) {
      const heard = await new RawClient(listening).say(request).all();
      assert.match(heard, /^HTTP\/1\.1 400 [\s\S]*"AccessDeniedException"/);
      assert.doesNotMatch(heard, /Access-Control/i);
    }
    assert.equal(await statusOf(server, { ':authority': 'rebind.example' }), 400);
    assert.match(await new RawClient(listening).say(create('127.0.0.1:4567')).all(), /^HTTP\/1\.1 200 /);
  });
}

/** Of a signed call over HTTP/2. */
async function statusOf(server: TestServer, headers: OutgoingHttpHeaders): Promise<unknown> {
  const session = connectHttp2(server.url);
  const stream = session.request({
    ':method': 'POST',
    'x-amz-target': 'Kinesis_20131202.ListStreams',
    'x-amz-date': '20260709T123000Z',
    'content-type': jsonType,
    authorization,
    ...headers,
  });
  stream.end('{}');
  const [answer] = await once(stream, 'response');
  stream.resume();
  await once(stream, 'close');
  session.close();
  return answer[':status'];
}

function endpointOf({ url }: TestServer): { host: string; port: number } {
  const { hostname: host, port } = new URL(url);
  return { host, port: Number(port) };
}

const zeros = '0'.repeat(64);

/** A call that needs nothing but a GET: an image, a link or a redirect makes one. */
const signedQuery =
  '/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256' +
  '&X-Amz-Credential=AKID%2F20260709%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20260709T123000Z' +
  `&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=${zeros}`;

const firefox = 'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:89.0) Gecko/20100101 Firefox/89.0\r\n';

test('a GET that a page causes is no call without credentials, and one of a program is', async () => {
  await using server = await startTestServer();
  const listening = { endpoint: endpointOf(server), close: async () => {} };
  const statusFor = async (more: string, method = 'GET') => {
    const request = `${method} ${signedQuery} HTTP/1.1\r\nHost: localhost\r\n${more}Connection: close\r\n\r\n`;
    return (await new RawClient(listening).say(request).all()).slice(9, 12);
  };
  assert.equal(await statusFor(''), '200');
  assert.equal(await statusFor('User-Agent: aws-cli/2.31\r\nSec-Fetch-Mode: cors\r\n'), '200');
  for (const site of ['cross-site', 'same-site', 'none']) {
    assert.equal(await statusFor(`Sec-Fetch-Site: ${site}\r\n`), '400', site);
  }
  assert.equal(await statusFor(firefox), '400');
  assert.equal(
    await statusFor(`Origin: http://localhost:3000\r\nSec-Fetch-Site: same-site\r\n${firefox}`),
    '200',
  );
  assert.equal(await statusFor('Origin: http://evil.example\r\nSec-Fetch-Site: same-origin\r\n'), '400');
});

test('a server without credentials shows its pages under its own names only', async () => {
  await using server = await startTestServer();
  const listening = { endpoint: endpointOf(server), close: async () => {} };
  const heardFor = (host: string) =>
    new RawClient(listening).say(`GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`).all();
  assert.match(await heardFor('localhost:4567'), /^HTTP\/1\.1 200 /);
  const strange = await heardFor('rebind.example');
  assert.match(strange, /^HTTP\/1\.1 400 [\s\S]*"AccessDeniedException"/);
  assert.doesNotMatch(strange, /uptime/);
});

test('a page of elsewhere loads no page of a server without credentials, and a link leads to one', async () => {
  await using server = await startTestServer();
  const listening = { endpoint: endpointOf(server), close: async () => {} };
  const statusOfPage = async (path: string, [site, mode, dest]: readonly string[]) => {
    const fetched = `Sec-Fetch-Site: ${site}\r\nSec-Fetch-Mode: ${mode}\r\nSec-Fetch-Dest: ${dest}\r\n`;
    const head = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${firefox}${fetched}Connection: close\r\n\r\n`;
    return Number((await new RawClient(listening).say(head).all()).slice(9, 12));
  };
  for (const path of ['/metrics', '/health', '/console/config.json']) {
    for (const dest of ['image', 'script', 'empty', 'style']) {
      assert.equal(await statusOfPage(path, ['cross-site', 'no-cors', dest]), 400, `${path} ${dest}`);
    }
    assert.equal(await statusOfPage(path, ['same-site', 'no-cors', 'image']), 400, path);
    assert.equal(await statusOfPage(path, ['cross-site', 'navigate', 'iframe']), 400, path);
    assert.equal(await statusOfPage(path, ['cross-site', 'navigate', 'document']), 200, path);
    assert.equal(await statusOfPage(path, ['same-origin', 'cors', 'empty']), 200, path);
    assert.equal(await statusOfPage(path, ['none', 'navigate', 'document']), 200, path);
  }
});

test('a page of the Internet may ask for a private server only where it is allowed to', async () => {
  await using server = await startTestServer({ cors: 'https://app.example' });
  const listening = { endpoint: endpointOf(server), close: async () => {} };
  const allowanceFor = async (origin: string) => {
    const asked = 'Access-Control-Request-Method: POST\r\nAccess-Control-Request-Private-Network: true\r\n';
    const head = `OPTIONS / HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\nConnection: close\r\n`;
    const heard = await new RawClient(listening).say(`${head}${asked}\r\n`).all();
    return /\r\nAccess-Control-Allow-Private-Network: (.*)\r\n/.exec(heard)?.[1];
  };
  assert.equal(await allowanceFor('https://app.example'), 'true');
  assert.equal(await allowanceFor('https://evil.example'), undefined);
});

for (const workers of [0, 2]) {
  const skip = workers > 0 && !canShare ? 'this system does not spread the connections of a port' : false;
  test(`HEAD asks for a page without its body: ${workers} workers`, { skip }, async () => {
    await using server = await startTestServer({ workers });
    const listening = { endpoint: endpointOf(server), close: async () => {} };
    for (const page of ['/health', '/ca.pem']) {
      const ask = (method: string) =>
        `${method} ${page} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
      const [full, head] = await Promise.all(
        ['GET', 'HEAD'].map((method) => new RawClient(listening).say(ask(method)).all()),
      );
      assert.match(full!, /^HTTP\/1\.1 200 OK\r\n/);
      const lengthOf = (heard: string) => /\r\nContent-Length: (\d+)/.exec(heard)?.[1];
      assert.ok(Number(lengthOf(head!)) > 20);
      assert.match(head!, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/);
      assert.equal(head!.split('\r\n\r\n')[1], '');

      const session = connectHttp2(server.url);
      const stream = session.request({ ':method': 'HEAD', ':path': page });
      let bytes = 0;
      stream.on('data', (piece: Buffer) => {
        bytes += piece.length;
      });
      const [headers] = await once(stream, 'response');
      await once(stream, 'close');
      session.close();
      assert.equal(headers[':status'], 200);
      assert.ok(Number(headers['content-length']) > 20);
      assert.equal(bytes, 0);
    }
  });
}
