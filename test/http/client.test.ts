import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AnswerTooLongError } from '../../src/env/http-client.ts';
import { createHttpClient } from '../../src/http/client.ts';

const client = createHttpClient();
const order = { method: 'POST', headers: {}, body: 'ab' };

test('a request and its answer come through whole', async (t) => {
  const url = await serve(t, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const { host, via, connection } = headers;
      response.writeHead(418, { 'X-A': ['1', '2'] });
      response.end(JSON.stringify([method, url, host, via, connection, `${Buffer.concat(chunks)}`]));
    });
  });
  const headers = { host: 'other:1', via: 'x' };
  const {
    status,
    headers: answered,
    body,
  } = await client.send({ ...order, url: `${url}/a%20b?c=%2F`, headers });
  assert.equal(status, 418);
  assert.equal(answered['x-a'], '1, 2');
  assert.deepEqual(JSON.parse(String(body)), ['POST', '/a%20b?c=%2F', 'other:1', 'x', 'close', 'ab']);
});

test('a Unix socket can be sent to', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-client-'));
  t.after(() => rm(folder, { recursive: true }));
  const socketPath = join(folder, 's');
  const server = createServer((_, response) => response.end('here'));
  server.listen(socketPath);
  await once(server, 'listening');
  t.after(() => server.close());
  const { body } = await client.send({ ...order, url: 'http://nowhere.invalid/', socketPath });
  assert.equal(String(body), 'here');
});

test('requests that may share a connection do, and others have one of their own', async (t) => {
  const own = createHttpClient();
  const ports = new Set<number>();
  const url = await serve(t, (request, response) => {
    ports.add(request.socket.remotePort!);
    response.end('here');
  });
  const keepAlive = true;
  for (let nth = 0; nth < 3; nth++) await own.send({ ...order, url, keepAlive });
  assert.equal(ports.size, 1);
  await own.send({ ...order, url });
  assert.equal(ports.size, 2);
});

test('a large body goes whole, and may be answered before it is there', async (t) => {
  const body = Buffer.alloc(5_000_001, Buffer.from('0123456789abc'));
  const url = await serve(t, (request, response) => {
    if (request.url === '/early') return void response.writeHead(413).end();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => response.end(String(Buffer.concat(chunks).equals(body))));
  });
  assert.equal(String((await client.send({ ...order, url, body })).body), 'true');
  assert.equal((await client.send({ ...order, url: `${url}/early`, body })).status, 413);
});

test('an answer that is too long is not waited for to its end', async (t) => {
  const url = await serve(t, (_, response) => {
    response.write('x'.repeat(1000));
  });
  const small = createHttpClient({ timeoutMs: 60_000, bodyBytesMax: 999 });
  await assert.rejects(small.send({ ...order, url }), (error) => {
    assert.ok(error instanceof AnswerTooLongError);
    assert.match(error.message, /is longer than 999 bytes/);
    return true;
  });
});

test('it is told when a request has left, and only then', async (t) => {
  let times = 0;
  const left = () => void times++;
  const body = 'x'.repeat(1_000_000);
  const url = await serve(t, (request) => {
    request.resume().on('end', () => request.socket.destroy());
  });
  await assert.rejects(client.send({ ...order, url, body, left }), { code: 'ECONNRESET' });
  assert.equal(times, 1);
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  gone.close();
  await assert.rejects(client.send({ ...order, url: `http://127.0.0.1:${port}/`, left }), {
    code: 'ECONNREFUSED',
  });
  assert.equal(times, 1);
});

test('a server that does not answer is given up', async (t) => {
  const url = await serve(t, () => {});
  const hasty = createHttpClient({ timeoutMs: 1, bodyBytesMax: 1 });
  await assert.rejects(hasty.send({ ...order, url }), /within 1 ms/);
});

test('a caller that does not want the answer any more rejects with its reason', async (t) => {
  const asked = new AbortController();
  const url = await serve(t, () => asked.abort(new Error('enough')));
  await assert.rejects(client.send({ ...order, url }, asked.signal), /enough/);
  await assert.rejects(client.send({ ...order, url }, asked.signal), /enough/);
});

test('a server that goes in the middle of an answer, and one that is not there, are errors', async (t) => {
  const url = await serve(t, (_, response) => {
    response.writeHead(200, { 'Content-Length': '10' });
    response.write('half', () => response.destroy());
  });
  await assert.rejects(client.send({ ...order, url }));
  await assert.rejects(client.send({ ...order, url: 'http://127.0.0.1:1/' }), { code: 'ECONNREFUSED' });
  await assert.rejects(client.send({ ...order, url: 'ftp://127.0.0.1/' }), /cannot be sent to/);
});

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
