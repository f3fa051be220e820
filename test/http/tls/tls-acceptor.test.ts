import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect as connectPlain, createServer } from 'node:net';
import { before, test } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import fc from 'fast-check';
import type { Listening } from '../../../src/env/network.ts';
import { bodyBytesMax } from '../../../src/http/body.ts';
import { memoryStore } from '../../../src/http/tls/key-pair-store.ts';
import { handTurnedClock } from '../hand-turned-clock.ts';
import { type Echoed, echo, listen, RawClient } from '../raw-client.ts';
import { get, localAuthority } from './local-server.ts';

const authority = localAuthority();
let ca: string;

before(async () => {
  ca = await authority.certificate();
});

function listenWithTls(handle = echo) {
  return listen(handle, [], undefined, authority.identity);
}

test('HTTP/2 is preferred when it is offered, and HTTP/1.1 is spoken when only that is', async () => {
  await using server = await listenWithTls();
  using both = await tlsSocket(server, { ALPNProtocols: ['http/1.1', 'h2'] });
  assert.equal(both.alpnProtocol, 'h2');
  using one = await tlsSocket(server, { ALPNProtocols: ['http/1.1'] });
  assert.equal(one.alpnProtocol, 'http/1.1');
  assert.match(await answerOf(one, 'GET /old HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), /"\/old"/);
});

test('HTTP/2 is spoken to clients that negotiate it', async () => {
  await using server = await listenWithTls();
  using session = http2(server);
  assert.deepEqual(await bodiesOf(session, ['a', 'b'.repeat(300_000)]), [1, 300_000]);
});

test('HTTP/2 is spoken to clients that negotiate nothing and begin with its preface, as old Java clients do', async () => {
  await using server = await listenWithTls();
  const socket = await tlsSocket(server);
  assert.equal(socket.alpnProtocol, false);
  using session = http2(server, socket);
  assert.deepEqual(await bodiesOf(session, ['abc']), [3]);
});

test('HTTP/1.1 is spoken to clients that negotiate nothing, request after request', async () => {
  await using server = await listenWithTls();
  using socket = await tlsSocket(server);
  socket.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
  assert.match(await answerOf(socket, 'GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), /"\/2"/);
});

test('plain connections are served beside', async () => {
  await using server = await listenWithTls();
  const [plain, secured] = await Promise.all([
    fetch(`http://127.0.0.1:${server.endpoint.port}/plain`).then((answer) => answer.text()),
    get(server, ca, { path: '/secured' }),
  ]);
  assert.equal((JSON.parse(plain) as Echoed).target, '/plain');
  assert.equal((JSON.parse(secured) as Echoed).target, '/secured');
});

test('the limits are the same', async () => {
  await using server = await listenWithTls();
  using socket = await tlsSocket(server);
  const request = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${bodyBytesMax + 1}\r\n\r\n`;
  socket.write(request);
  assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 413 /);
});

test('a session is resumed', async () => {
  await using server = await listenWithTls();
  const first = await tlsSocket(server);
  const ticket = once(first, 'session');
  await answerOf(first, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const [session] = await ticket;
  using second = await tlsSocket(server, { session });
  assert.equal(second.isSessionReused(), true);
});

test('a session of before a restart is not resumed: its key went with the process', async () => {
  const store = memoryStore();
  const [before, now] = [localAuthority({ store }), localAuthority({ store })];
  await using old = await listen(echo, [], undefined, before.identity);
  const ca = await before.certificate();
  const first = await tlsSocket(old, { ca });
  const ticket = once(first, 'session');
  await answerOf(first, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const [session] = await ticket;
  await using restarted = await listen(echo, [], undefined, now.identity);
  using second = await tlsSocket(restarted, { ca, session });
  assert.equal(second.isSessionReused(), false);
});

test('suites without forward secrecy or authenticated encryption are refused', async () => {
  await using server = await listenWithTls();
  const maxVersion = 'TLSv1.2';
  for (const suite of ['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES128-SHA256', 'AES128-GCM-SHA256', 'NULL']) {
    await assert.rejects(
      tlsSocket(server, { maxVersion, ciphers: `${suite}:@SECLEVEL=0` }),
      /handshake/,
      suite,
    );
  }
  using socket = await tlsSocket(server, { maxVersion, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' });
  assert.equal(socket.getCipher().name, 'ECDHE-ECDSA-AES128-GCM-SHA256');
});

test('versions before 1.2 are refused', async () => {
  await using server = await listenWithTls();
  for (const version of ['TLSv1', 'TLSv1.1'] as const) {
    const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
    await assert.rejects(tlsSocket(server, old), /protocol version/);
  }
  using socket = await tlsSocket(server, { maxVersion: 'TLSv1.2' });
  assert.equal(socket.getProtocol(), 'TLSv1.2');
});

test('without an identity a client that comes with TLS is hung up on', async () => {
  await using server = await listen(echo);
  await assert.rejects(tlsSocket(server));
});

test('when there is no certificate the client is hung up on, the reason is logged, others are served', async () => {
  const logged: string[] = [];
  const identity = () => Promise.reject(new Error('the disk is full'));
  await using server = await listen(echo, logged, undefined, identity);
  await assert.rejects(tlsSocket(server));
  assert.deepEqual(logged, ['there is no certificate to show']);
  assert.equal((await fetch(`http://127.0.0.1:${server.endpoint.port}/`)).status, 200);
});

test('a client that does not trust the authority goes, one that goes while its certificate is made does no harm', async () => {
  const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
  await using server = await listen(echo, [], undefined, async () => {
    await allowed;
    return await authority.identity();
  });
  const impatient = connectPlain(server.endpoint.port, '127.0.0.1');
  impatient.write(Buffer.of(0x16, 3, 1));
  await once(impatient, 'ready');
  impatient.resetAndDestroy();
  await once(impatient, 'close');
  allow();
  await assert.rejects(get(server, await localAuthority().certificate()), {
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  });
  await get(server, ca);
});

test('a handshake that does not come to its end is cut off after 10 seconds, and so is silence after it', async () => {
  const { clock, advance } = handTurnedClock();
  const server = await listen(echo, [], clock, authority.identity);
  const slow = new RawClient(server).say(Buffer.of(0x16, 3, 1, 2, 0, 1));
  const silent = await tlsSocket(server);
  const gone = once(silent, 'close');
  silent.on('error', () => {});
  const served = await tlsSocket(server);
  served.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(served, 'data');
  await advance(11_000);
  await Promise.all([slow.ended, gone]);
  assert.match(await answerOf(served, 'GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), /"\/2"/);
  await server.close();
});

/** What does not happen in this time does not happen. */
const patienceMs = 20_000;

for (const ALPNProtocols of [['http/1.1'], ['h2']]) {
  test(`a client that asks for another handshake is hung up on: ${ALPNProtocols}`, async () => {
    // No deadline ends it.
    await using server = await listen(echo, [], handTurnedClock().clock, authority.identity);
    using socket = await tlsSocket(server, { maxVersion: 'TLSv1.2', ALPNProtocols });
    const gone = once(socket, 'close', { signal: AbortSignal.timeout(patienceMs) });
    socket.on('error', () => {}).resume();
    socket.renegotiate({}, () => {});
    await gone;
    await get(server, ca);
  });

  test(`what is not TLS after the handshake ends its connection: ${ALPNProtocols}`, async () => {
    // No deadline ends it.
    await using server = await listen(echo, [], handTurnedClock().clock, authority.identity);
    const raw = connectPlain(server.endpoint.port, '127.0.0.1');
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = connect({ socket: raw, ca, servername: 'localhost', ALPNProtocols }, resolve);
    await promise;
    const gone = once(raw, 'close', { signal: AbortSignal.timeout(patienceMs) });
    for (const each of [raw, socket]) each.on('error', () => {}).resume();
    // Once it is served, and before.
    if (ALPNProtocols[0] === 'http/1.1') {
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'data');
    }
    raw.write(Buffer.concat([Buffer.of(0x17, 3, 3, 0, 100), Buffer.alloc(100, 'x')]));
    try {
      await gone;
    } finally {
      raw.destroy();
    }
    await get(server, ca);
  });
}

test('a closing listener lets requests under way finish over TLS too, and ends what is silent', async () => {
  const { promise: heard, resolve: hear } = Promise.withResolvers<void>();
  const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
  let underWay = 0;
  const server = await listenWithTls(async (request) => {
    if (++underWay === 2) hear();
    await allowed;
    return echo(request);
  });
  using silent = await tlsSocket(server);
  const gone = once(silent, 'close');
  using busy = await tlsSocket(server);
  const answer = answerOf(busy, 'GET /last HTTP/1.1\r\nHost: x\r\n\r\n');
  using session = http2(server);
  const lengths = bodiesOf(session, ['abc']);
  await heard;
  const closing = server.close();
  await gone;
  allow();
  assert.match(await answer, /"\/last"/);
  assert.deepEqual(await lengths, [3]);
  await closing;
});

test('whatever the first bytes are, that connection ends and others are served', async () => {
  await using server = await listenWithTls();
  const hello = await firstBytesOfAHandshake();
  const mutated = fc.tuple(fc.nat(hello.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, change]) => {
    const bytes = Buffer.from(hello);
    bytes[at] = bytes[at]! ^ change;
    return bytes;
  });
  const garbage = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from([0x16, ...bytes]));
  const anything = fc.uint8Array({ minLength: 1, maxLength: 50 }).map((bytes) => Buffer.from(bytes));
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutated, garbage, anything), async (bytes) => {
      const client = new RawClient(server);
      client.socket.end(bytes);
      client.socket.resume();
      await client.ended;
    }),
    { numRuns: 150 },
  );
  await get(server, ca);
});

/** Resolves after the handshake. */
async function tlsSocket(
  { endpoint }: Listening,
  options: ConnectionOptions = {},
): Promise<TLSSocket & Disposable> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ port: endpoint.port, host: '127.0.0.1', ca, ...options }, resolve);
  socket.once('error', reject);
  await promise;
  return Object.assign(socket, { [Symbol.dispose]: () => void socket.destroy() });
}

/** All that comes until the server ends the connection. */
async function answerOf(socket: TLSSocket, request: string): Promise<string> {
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes;
  });
  socket.write(request);
  await once(socket, 'close');
  return heard;
}

function http2({ endpoint }: Listening, socket?: TLSSocket): ClientHttp2Session & Disposable {
  const given = socket === undefined ? {} : { createConnection: () => socket };
  const session = connectHttp2(`https://127.0.0.1:${endpoint.port}`, { ca, ...given });
  return Object.assign(session, { [Symbol.dispose]: () => session.destroy() });
}

/** How much of each body arrived, as the server says. */
function bodiesOf(session: ClientHttp2Session, bodies: string[]): Promise<number[]> {
  return Promise.all(
    bodies.map(async (body) => {
      const stream = session.request({ ':method': 'POST' });
      stream.end(body);
      let heard = '';
      for await (const piece of stream) heard += piece;
      return (JSON.parse(heard) as Echoed).length;
    }),
  );
}

async function firstBytesOfAHandshake(): Promise<Buffer> {
  const ear = createServer().listen(0, '127.0.0.1');
  await once(ear, 'listening');
  const { port } = ear.address() as { port: number };
  const client = connect({ port, host: '127.0.0.1' });
  client.on('error', () => {});
  const [heard] = await once(ear, 'connection');
  const [bytes] = await once(heard, 'data');
  client.destroy();
  ear.close();
  return bytes;
}
