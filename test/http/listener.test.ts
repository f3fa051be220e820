import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../src/env/logger.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { bodyBytesMax } from '../../src/http/body.ts';
import { nodeNetwork } from '../../src/http/listener.ts';
import { type Echoed, echo, listen, RawClient } from './raw-client.ts';

test('a request reaches the handler as it was sent, duplicate headers included', async () => {
  await using server = await listen(echo);
  const client = new RawClient(server).say(
    'POST /a?b=%20 HTTP/1.1\r\nHost: x\r\nX-Twice: 1\r\nx-twice: 2\r\nContent-Length: 3\r\n\r\nabc',
  );
  const [head, body] = (await client.hear('"body":"abc"}')).split('\r\n\r\n');
  assert.deepEqual(JSON.parse(body!), {
    method: 'POST',
    target: '/a?b=%20',
    rawHeaders: ['Host', 'x', 'X-Twice', '1', 'x-twice', '2', 'Content-Length', '3'],
    length: 3,
    body: 'abc',
  });
  assert.match(head!, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(head!, /\r\nContent-Length: \d+/);
  assert.match(head!, /\r\nDate: \w{3}, /);
  assert.doesNotMatch(head!, /Connection|Keep-Alive/i);
  client.socket.destroy();
});

test('a connection is kept for the next request, and pipelined requests are answered in order', async () => {
  await using server = await listen(echo);
  const client = new RawClient(server).say('GET /1 HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.hear('"/1"');
  client.say('GET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HTTP/1.1\r\nHost: x\r\n\r\n');
  const heard = await client.hear('"/3"');
  assert.ok(heard.indexOf('"/2"') < heard.indexOf('"/3"'));
  client.socket.destroy();
});

test('a request that comes byte by byte is understood', async () => {
  await using server = await listen(echo);
  const client = new RawClient(server);
  client.socket.setNoDelay(true);
  for (const byte of 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi') {
    client.say(byte);
    await new Promise(setImmediate);
  }
  assert.match(await client.hear('"hi"'), /"method":"PUT"/);
  client.socket.destroy();
});

test('a body of many pieces arrives whole, with and without its length', async () => {
  await using server = await listen(echo);
  const url = `http://127.0.0.1:${server.endpoint.port}/`;
  const declared = await fetch(url, { method: 'POST', body: 'a'.repeat(3_000_000) });
  assert.equal(((await declared.json()) as Echoed).length, 3_000_000);
  const body = ReadableStream.from([Buffer.alloc(400_000), Buffer.alloc(1), Buffer.alloc(600_000)]);
  const chunked = await fetch(url, { method: 'POST', body, duplex: 'half' });
  assert.equal(((await chunked.json()) as Echoed).length, 1_000_001);
});

test('the memory of a large body is free once it is answered, and an answer that was made of it is whole', async () => {
  const bodies: Buffer[] = [];
  await using server = await listen(async ({ body }) => {
    bodies.push(body);
    return { status: 200, headers: {}, body: body.toString() };
  });
  const url = `http://127.0.0.1:${server.endpoint.port}/`;
  for (const body of ['a'.repeat(2_000_000), 'a']) {
    const answer = await fetch(url, { method: 'POST', body });
    assert.equal(await answer.text(), body);
  }
  assert.deepEqual(
    bodies.map(({ length }) => length),
    [0, 1],
  );
});

test('an answer in several buffers arrives as one, with the length of all of them', async () => {
  const parts = ['a', 'b'.repeat(300_000), '', 'c'].map((text) => Buffer.from(text));
  await using server = await listen(async () => ({ status: 200, headers: {}, body: parts }));
  const answer = await fetch(`http://127.0.0.1:${server.endpoint.port}/`);
  assert.equal(answer.headers.get('content-length'), '300002');
  assert.equal(await answer.text(), String(Buffer.concat(parts)));
});

test('a request without a body is answered', async () => {
  await using server = await listen(echo);
  const answer = await fetch(`http://127.0.0.1:${server.endpoint.port}/`);
  assert.equal(((await answer.json()) as Echoed).length, 0);
});

test('a body over the limit is answered 413 from its declared length, without a body, and the connection ends', async () => {
  await using server = await listen(echo);
  const client = new RawClient(server).say(
    `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${bodyBytesMax + 1}\r\n\r\n`,
  );
  await client.hear('HTTP/1.1 413 ');
  client.socket.end();
  assert.match(await client.all(), /\r\nConnection: close\r\n[\s\S]*Content-Length: 0\r\n[\s\S]*\r\n\r\n$/);
});

test('a body without a length is answered 413 once it passes the limit, while the client still sends', async () => {
  await using server = await listen(echo);
  const client = new RawClient(server).say(
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n',
  );
  const piece = Buffer.alloc(1024 * 1024);
  for (let sent = 0; sent <= bodyBytesMax; sent += piece.length) {
    client
      .say(`${piece.length.toString(16)}\r\n`)
      .say(piece)
      .say('\r\n');
  }
  await client.hear('HTTP/1.1 413 ');
  client.socket.end();
  await client.ended;
});

test('a client that asks before sending a body is told to go on, or that it is too large', async () => {
  await using server = await listen(echo);
  const polite = (length: number) =>
    new RawClient(server).say(
      `POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`,
    );
  const welcome = polite(2);
  await welcome.hear('HTTP/1.1 100 Continue\r\n\r\n');
  assert.match(await welcome.say('ok').hear('"ok"'), /HTTP\/1\.1 200 OK/);
  welcome.socket.destroy();

  const unwelcome = polite(bodyBytesMax + 1);
  assert.match(await unwelcome.hear('\r\n\r\n'), /^HTTP\/1\.1 413 /);
  unwelcome.socket.destroy();
});

const malformed: Record<string, string> = {
  'no HTTP at all': 'hello\r\n\r\n',
  'no host': 'GET / HTTP/1.1\r\n\r\n',
  'two lengths': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
  'a length and chunks':
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  'an unknown coding': 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n',
  'a signed length': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n',
  'a bare line feed': 'GET / HTTP/1.1\nHost: x\n\n',
  'a space before a colon': 'GET / HTTP/1.1\r\nHost : x\r\n\r\n',
  'a folded header': 'GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n',
  'almost the HTTP/2 preface': 'PRIX * HTTP/2.0\r\n\r\n',
};
for (const [what, text] of Object.entries(malformed)) {
  test(`${what} is answered 400 and ends the connection; the server goes on`, async () => {
    await using server = await listen(echo);
    assert.match(await new RawClient(server).say(text).all(), /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.equal((await fetch(`http://127.0.0.1:${server.endpoint.port}/`)).status, 200);
  });
}

test('too much header is answered 431', async () => {
  await using server = await listen(echo);
  const client = new RawClient(server).say(`GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`);
  assert.match(await client.all(), /^HTTP\/1\.1 431 /);
});

test('an offer to upgrade to HTTP/2 is passed over: the request is answered in HTTP/1.1', async () => {
  await using server = await listen(echo);
  const client = new RawClient(server).say(
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n\r\n',
  );
  assert.match(await client.hear('"method":"GET"'), /^HTTP\/1\.1 200 OK/);
  client.socket.destroy();
});

test('clients that leave at any moment do no harm', async () => {
  await using server = await listen(echo);
  for (const said of [
    '',
    'P',
    'POST / HTTP/1.1\r\nHo',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc',
  ]) {
    const client = new RawClient(server).say(said);
    await new Promise(setImmediate);
    client.socket.resetAndDestroy();
    await client.ended;
  }
  assert.equal((await fetch(`http://127.0.0.1:${server.endpoint.port}/`)).status, 200);
});

test('a handler that rejects costs its request an InternalFailure, and is logged', async () => {
  const logged: string[] = [];
  await using server = await listen(() => Promise.reject(new Error('a bug')), logged);
  const answer = await fetch(`http://127.0.0.1:${server.endpoint.port}/`);
  assert.equal(answer.status, 500);
  assert.deepEqual(await answer.json(), { __type: 'InternalFailure' });
  assert.deepEqual(logged, ['a request failed unexpectedly']);
});

test('a port in use is refused with the system error', async () => {
  await using server = await listen(echo);
  const again = nodeNetwork(nodeClock, silentLogger).listen(server.endpoint, echo);
  await assert.rejects(again, { code: 'EADDRINUSE' });
});
