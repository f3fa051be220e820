import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { test } from 'node:test';
import type { Listening } from '../../src/env/network.ts';
import { bodyBytesMax } from '../../src/http/body.ts';
import { type Echoed, echo, listen, RawClient } from './raw-client.ts';

test('the same port speaks HTTP/2 to clients that begin with its preface', async () => {
  await using server = await listen(echo);
  using client = session(server);
  const { status, headers, body } = await answerTo(post(client, 'abc', { 'x-amz-target': 'T' }));
  const heard = JSON.parse(body) as Echoed;
  assert.equal(status, 200);
  assert.equal(headers['content-length'], String(body.length));
  assert.match(String(headers['date']), /^\w{3}, /);
  assert.equal(heard.body, 'abc');
  assert.deepEqual(heard.rawHeaders.slice(0, 4), ['host', client.authority, 'x-amz-target', 'T']);
  assert.deepEqual(
    heard.rawHeaders.filter((name) => name.startsWith(':')),
    [],
  );
});

test('an answer in several buffers arrives as one, with the length of all of them', async () => {
  const parts = ['a', 'b'.repeat(300_000), '', 'c'].map((text) => Buffer.from(text));
  await using server = await listen(async () => ({ status: 200, headers: {}, body: parts }));
  using client = session(server);
  const { headers, body } = await answerTo(post(client, ''));
  assert.equal(headers['content-length'], '300002');
  assert.equal(body, String(Buffer.concat(parts)));
});

test('a host that repeats the authority is one host; another one stays, for the verifier to refuse', async () => {
  await using server = await listen(echo);
  using client = session(server);
  const hosts = async (host: string) => {
    const { rawHeaders } = JSON.parse(
      (await answerTo(post(client, '', { ':authority': client.authority, host }))).body,
    ) as Echoed;
    return rawHeaders.filter((_, index) => rawHeaders[index - (index % 2)] === 'host');
  };
  assert.deepEqual(await hosts(client.authority), ['host', client.authority]);
  assert.deepEqual(await hosts('elsewhere'), ['host', client.authority, 'host', 'elsewhere']);
});

test('a preface that comes byte by byte is understood', async () => {
  await using server = await listen(echo);
  const client = new RawClient(server);
  client.socket.setNoDelay(true);
  const emptySettings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  for (const byte of Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), emptySettings])) {
    client.say(Buffer.of(byte));
    await new Promise(setImmediate);
  }
  const settingsAcknowledged = '\0\0\0\x04\x01\0\0\0\0';
  await client.hear(settingsAcknowledged);
  client.socket.destroy();
});

test('a preface that goes wrong ends its connection only', async () => {
  await using server = await listen(echo);
  await new RawClient(server).say('PRI * HTTP/2.0\r\n\r\nGET / HTTP/1.1\r\n\r\n').ended;
  assert.equal((await fetch(`http://127.0.0.1:${server.endpoint.port}/`)).status, 200);
});

test('large bodies and many streams at once arrive whole on one session', async () => {
  await using server = await listen(echo);
  using client = session(server);
  const lengths = [3_000_000, 1, 0, 700_000, 65_536, 16_384];
  const answers = await Promise.all(lengths.map((length) => answerTo(post(client, 'b'.repeat(length)))));
  assert.deepEqual(
    answers.map(({ body }) => (JSON.parse(body) as Echoed).length),
    lengths,
  );
});

test('a stream with a body over the limit is answered 413; the session goes on', async () => {
  await using server = await listen(echo);
  using client = session(server);
  const tooLarge = client.request({ ':method': 'POST', 'content-length': String(bodyBytesMax + 1) });
  assert.equal((await answerTo(tooLarge)).status, 413);
  const growing = client.request({ ':method': 'POST' });
  growing.write(Buffer.alloc(bodyBytesMax + 1));
  assert.equal((await answerTo(growing)).status, 413);
  assert.equal((await answerTo(post(client, 'still here'))).status, 200);
});

test('a HEAD is answered without a body', async () => {
  await using server = await listen(echo);
  using client = session(server);
  const { status, body } = await answerTo(client.request({ ':method': 'HEAD' }));
  assert.deepEqual({ status, body }, { status: 200, body: '' });
});

test('a ping is answered', async () => {
  await using server = await listen(echo);
  using client = session(server);
  await once(client, 'connect');
  await new Promise<void>((resolve, reject) => client.ping((error) => (error ? reject(error) : resolve())));
});

test('a client that resets its streams without end loses its session; others are served', async () => {
  await using server = await listen(echo);
  using rude = session(server);
  rude.on('error', () => {});
  await once(rude, 'connect');
  for (let batch = 0; batch < 40 && !rude.destroyed; batch++) {
    for (let count = 0; count < 50 && !rude.destroyed; count++) {
      const stream = rude.request({ ':method': 'POST' }, { endStream: false });
      stream.on('error', () => {});
      stream.close(constants.NGHTTP2_CANCEL);
    }
    await new Promise(setImmediate);
  }
  if (!rude.destroyed) await once(rude, 'close');
  using other = session(server);
  assert.equal((await answerTo(post(other, ''))).status, 200);
});

test('a stream that its client resets before the answer does no harm', async () => {
  const { promise: heard, resolve: hear } = Promise.withResolvers<void>();
  const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
  await using server = await listen(async (request) => {
    hear();
    if (request.target === '/slow') await allowed;
    return echo(request);
  });
  using client = session(server);
  const stream = client.request({ ':path': '/slow' });
  stream.on('error', () => {});
  await heard;
  stream.close(constants.NGHTTP2_CANCEL);
  await once(stream, 'close');
  allow();
  assert.equal((await answerTo(post(client, 'next'))).status, 200);
});

function session({ endpoint }: Listening): ClientHttp2Session & Disposable & { authority: string } {
  const authority = `${endpoint.host}:${endpoint.port}`;
  const client = connect(`http://${authority}`);
  return Object.assign(client, { authority, [Symbol.dispose]: () => client.destroy() });
}

function post(
  client: ClientHttp2Session,
  body: string,
  headers: Record<string, string> = {},
): ClientHttp2Stream {
  return client.request({ ':method': 'POST', ...headers }).end(body);
}

async function answerTo(stream: ClientHttp2Stream) {
  const [headers] = await once(stream, 'response');
  let body = '';
  for await (const piece of stream) body += piece;
  return { status: headers[':status'], headers, body };
}
