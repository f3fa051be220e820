import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Handler } from '../../src/env/network.ts';
import { handTurnedClock } from './hand-turned-clock.ts';
import { echo, listen, RawClient } from './raw-client.ts';

/** A request as clients of AWS write it. */
function plain(target: string, body = '{}', declared = body.length): string {
  return `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: ${declared}\r\n\r\n${body}`;
}

const withoutDates = (heard: string) => heard.replace(/Date: [^\r]*/g, 'Date');

test('plain requests that come at once are answered in order, each once the one before is', async () => {
  let underWay = 0;
  await using server = await listen(async (request) => {
    assert.equal(++underWay, 1);
    await new Promise(setImmediate);
    underWay -= 1;
    return echo(request);
  });
  const client = new RawClient(server).say(plain('/1') + plain('/2') + plain('/3', 'the last'));
  const heard = await client.hear('"the last"');
  assert.deepEqual(heard.match(/"target":"[^"]*"/g), ['"target":"/1"', '"target":"/2"', '"target":"/3"']);
  client.socket.destroy();
});

test('a connection goes on when a request on it is not plain, and when plain ones follow', async () => {
  await using server = await listen(echo);
  const client = new RawClient(server);
  const chunked = 'POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
  for (const [index, request] of [plain('/0'), plain('/1'), chunked, plain('/3')].entries()) {
    await client.say(request).hear(`"/${index}"`);
  }
  client.say(plain('/4') + chunked.replace('/2', '/5') + plain('/6'));
  const heard = await client.hear('"/6"');
  assert.deepEqual(
    heard.match(/"target":"[^"]*"/g),
    Array.from({ length: 7 }, (_, index) => `"target":"/${index}"`),
  );
  client.socket.destroy();
});

test('a plain request after a plain one may come byte by byte', async () => {
  await using server = await listen(echo);
  const client = new RawClient(server).say(plain('/1'));
  client.socket.setNoDelay(true);
  await client.hear('"/1"');
  for (const byte of plain('/2', 'in pieces')) {
    client.say(byte);
    await new Promise(setImmediate);
  }
  await client.hear('"in pieces"');
  client.socket.destroy();
});

test('what headers say about a message and its connection is understood in any case of letters', async () => {
  await using listening = await listen(echo);
  const start = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: Keep-Alive\r\n';
  const chunked = new RawClient(listening);
  chunked.say(`${start}Transfer-Encoding: Chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n`);
  await chunked.hear('"length":2');
  const patient = new RawClient(listening);
  patient.say(`${start}Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n`);
  await patient.hear('HTTP/1.1 100 Continue\r\n\r\n');
  patient.say('ab');
  await patient.hear('"length":2');
  const closing = new RawClient(listening);
  closing.say('POST / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nab');
  await closing.ended;
  for (const { socket } of [chunked, patient]) socket.destroy();
});

test('what follows a malformed request is not served', async () => {
  const targets: string[] = [];
  await using server = await listen((request) => {
    targets.push(request.target);
    return echo(request);
  });
  const client = new RawClient(server).say(
    plain('/1') + plain('/2').replace('Host:', 'Host :') + plain('/3'),
  );
  assert.match(await client.all(), /"\/1"[\s\S]*HTTP\/1\.1 400 Bad Request/);
  assert.deepEqual(targets, ['/1']);
});

const answers: Record<string, Awaited<ReturnType<Handler>>['body']> = {
  'a text': 'grüße',
  'few bytes': Buffer.from([0, 127, 128, 255]),
  nothing: '',
  'many bytes': Buffer.alloc(300_000, 'x'),
  'several buffers': [Buffer.from('a'), Buffer.alloc(5000, 'b'), Buffer.alloc(0)],
};
for (const [what, body] of Object.entries(answers)) {
  test(`the answer to a plain request is that of node:http: ${what}`, async () => {
    const headers = { 'x-amzn-RequestId': 'one', 'Content-Type': 'text/plain' };
    await using server = await listen(async () => ({ status: 400, headers, body }));
    const asked = [plain('/'), plain('/').replace('Host: x', 'Host: x\r\nTab: a\tb')].map(async (request) => {
      const client = new RawClient(server).say(request);
      client.socket.end();
      const [head = '', ...rest] = withoutDates(await client.all()).split('\r\n\r\n');
      return { head: head.split('\r\n').sort(), body: rest.join('\r\n\r\n') };
    });
    const [own, nodes] = await Promise.all(asked);
    assert.ok(own!.head.includes('HTTP/1.1 400 Bad Request'));
    assert.deepEqual(own, nodes);
  });
}

test('an answer in pieces comes in chunks, and the connection is kept', async () => {
  async function* pieces() {
    for (const piece of ['one', '', 'x'.repeat(100_000), 'last']) yield Buffer.from(piece);
  }
  await using server = await listen(async (request) =>
    request.target === '/' ? { status: 200, headers: {}, body: pieces() } : echo(request),
  );
  const client = new RawClient(server).say(plain('/'));
  const heard = await client.hear('0\r\n\r\n');
  assert.match(
    heard,
    /\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n186a0\r\nx+\r\n4\r\nlast\r\n0\r\n\r\n$/,
  );
  await client.say(plain('/next')).hear('"/next"');
  client.socket.destroy();
});

for (const leave of ['end', 'destroy'] as const) {
  test(`the source of an answer in pieces hears that its client has left: ${leave}`, async () => {
    const { promise: returned, resolve } = Promise.withResolvers<void>();
    const forever = new Promise<never>(() => {});
    const steps = [Promise.resolve({ value: Buffer.from('one') }), forever];
    const body: AsyncIterableIterator<Uint8Array> = {
      [Symbol.asyncIterator]: () => body,
      next: () => steps.shift()!,
      async return() {
        resolve();
        return { done: true, value: undefined };
      },
    };
    await using server = await listen(async () => ({ status: 200, headers: {}, body }));
    const client = new RawClient(server).say(plain('/'));
    await client.hear('one');
    client.socket[leave]();
    await returned;
    client.socket.destroy();
  });
}

test('an answer whose source fails is cut off', async () => {
  async function* pieces() {
    yield Buffer.from('one');
    throw new Error('a bug');
  }
  await using server = await listen(async () => ({ status: 200, headers: {}, body: pieces() }));
  const heard = await new RawClient(server).say(plain('/')).all();
  assert.match(heard, /3\r\none\r\n$/);
});

test('a client that reads no answers is not asked for more requests', async () => {
  let answered = 0;
  await using server = await listen(async () => {
    answered += 1;
    return { status: 200, headers: {}, body: Buffer.alloc(1_000_000) };
  });
  const client = new RawClient(server);
  client.socket.pause();
  for (let index = 0; index < 200; index++) client.say(plain('/'));
  for (let before = -1; before !== answered || answered === 0; ) {
    before = answered;
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
  }
  assert.ok(answered < 50, `${answered} answers wait`);
  client.socket.destroy();
});

test('a client that has said its last is answered, and then the connection ends', async () => {
  await using server = await listen(echo);
  const client = new RawClient(server).say(plain('/1', 'last words'));
  client.socket.end();
  assert.match(await client.all(), /"last words"/);
});

test('a body of which nothing comes for 10 seconds is answered 408', async () => {
  const { clock, advance } = handTurnedClock();
  const server = await listen(echo, [], clock);
  // What came with the first request is looked at when that is answered.
  const client = new RawClient(server).say(plain('/1') + plain('/2', 'begun', 10));
  await client.hear('"/1"');
  await advance(9_000);
  assert.equal(client.socket.destroyed, false);
  await advance(2_000);
  assert.match(await client.all(), /HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*Connection: close\r\n/);
  await server.close();
});

test('a connection is kept for 75 seconds of silence', async () => {
  const { clock, advance } = handTurnedClock();
  const server = await listen(echo, [], clock);
  const client = new RawClient(server).say(plain('/1'));
  await client.hear('"/1"');
  await advance(74_000);
  await client.say(plain('/2')).hear('"/2"');
  await advance(74_000);
  await client.say(plain('/3')).hear('"/3"');
  await advance(77_000);
  await client.ended;
  await server.close();
});

test('closing ends a connection that has had its answer, and lets one that waits for it have it', async () => {
  const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
  const { promise: heard, resolve: hear } = Promise.withResolvers<void>();
  const server = await listen(async (request) => {
    if (request.target === '/late') {
      hear();
      await allowed;
    }
    return echo(request);
  });
  const idle = new RawClient(server).say(plain('/'));
  await idle.hear('"/"');
  const waiting = new RawClient(server).say(plain('/late'));
  await heard;
  const closed = server.close();
  await idle.ended;
  allow();
  assert.match(await waiting.all(), /Connection: close\r\n[\s\S]*"\/late"/);
  await closed;
});
