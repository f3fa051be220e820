import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { text as textOf } from 'node:stream/consumers';
import { test } from 'node:test';
import type { Clock } from '../../src/env/clock.ts';
import { silentLogger } from '../../src/env/logger.ts';
import type { Recognize } from '../../src/env/network.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import {
  bodyBytesMax,
  budgetBytes,
  codeBodyBytesMax,
  onePieceBytes,
  strangersBytes,
} from '../../src/http/body.ts';
import { nodeNetwork } from '../../src/http/listener.ts';
import { handTurnedClock } from './hand-turned-clock.ts';
import { echo, RawClient, shareWith } from './raw-client.ts';

/** A listener whose budget has so many bytes left. A client that says `Known: yes` is known. */
async function listenWith(free: number, clock: Clock = nodeClock) {
  const share = shareWith(free);
  const recognize: Recognize = ({ rawHeaders }) => rawHeaders.some((name) => name.toLowerCase() === 'known');
  const network = nodeNetwork(clock, silentLogger);
  const listening = await network.listen({ host: '127.0.0.1', port: 0 }, echo, undefined, recognize, share);
  const close = () => listening.close();
  const client = () => new RawClient(listening);
  /** Resolves when all but so many bytes are free again. */
  const taken = async (bytes: number) => {
    while (Atomics.load(share.freeBytes, 0) !== free - bytes) await new Promise(setImmediate);
  };
  return { endpoint: listening.endpoint, client, taken, [Symbol.asyncDispose]: close };
}

/** The ways a head can come: read by ourselves, or by node:http because it is chunked or says more. */
const ways = {
  'a plain head': (length: number, more = '') =>
    `POST / HTTP/1.1\r\nHost: x\r\n${more}Content-Length: ${length}\r\n\r\n`,
  "a head for node:http's reader": (length: number, more = '') =>
    `POST / HTTP/1.1\r\nHost:  x\r\n${more}Content-Length: ${length}\r\n\r\n`,
};

for (const [way, head] of Object.entries(ways)) {
  test(`promises of large bodies keep no client out: ${way}`, async () => {
    await using server = await listenWith(budgetBytes);
    const promising = Array.from({ length: 100 }, () => server.client().say(`${head(bodyBytesMax)}x`));
    await server.taken(100);
    const honest = server.client().say(`${head(4)}body`);
    await honest.hear('"body"');
    for (const client of [...promising, honest]) client.socket.destroy();
    await server.taken(0);
  });

  test(`strangers that hold all that they may are refused more, and small and known requests are served: ${way}`, async () => {
    await using server = await listenWith(budgetBytes - strangersBytes + 100_000);
    const holding = server.client().say(`${head(200_000)}${'x'.repeat(100_000)}`);
    await server.taken(100_000);
    const stranger = server.client().say(`${head(200_000)}x`);
    assert.match(await stranger.all(), /^HTTP\/1\.1 503 [\s\S]*ServiceUnavailableException/);

    const small = server.client().say(`${head(4)}body`);
    await small.hear('"body"');
    const known = server.client().say(`${head(200_000, 'Known: yes\r\n')}${'x'.repeat(100_000)}`);
    await server.taken(200_000);
    await known.say('x'.repeat(100_000)).hear('"length":200000');
    for (const client of [holding, small, known]) client.socket.destroy();
    await server.taken(0);
  });

  test(`a known client that holds all leaves room for small requests: ${way}`, async () => {
    await using server = await listenWith(onePieceBytes + 100_000);
    const holding = server.client().say(`${head(200_000, 'Known: yes\r\n')}${'x'.repeat(100_000)}`);
    await server.taken(100_000);
    const refused = server.client().say(`${head(200_000, 'Known: yes\r\n')}x`);
    assert.match(await refused.all(), /^HTTP\/1\.1 503 /);
    const small = server.client().say(`${head(4, 'Known: yes\r\n')}body`);
    await small.hear('"body"');
    for (const client of [holding, small]) client.socket.destroy();
    await server.taken(0);
  });

  test(`a refused body is thrown away while it comes, and the client sees why: ${way}`, async () => {
    await using server = await listenWith(1_000);
    const client = server.client().say(head(5_000_000));
    for (let piece = 0; piece < 100; piece++) client.say(Buffer.alloc(50_000));
    assert.match(await client.hear('overloaded'), /^HTTP\/1\.1 503 [\s\S]*Connection: close/);
    client.socket.destroy();
  });

  test(`a body slower than 500 bytes a second is answered 408: ${way}`, async () => {
    const { clock, advance } = handTurnedClock();
    await using server = await listenWith(budgetBytes, clock);
    const slow = server.client().say(`${head(100_000)}${'x'.repeat(4_999)}`);
    const fast = server.client().say(`${head(100_000)}${'x'.repeat(5_000)}`);
    await server.taken(9_999);
    await advance(11_000);
    assert.match(await slow.hear('\r\n\r\n'), /^HTTP\/1\.1 408 /);
    assert.equal(fast.socket.destroyed, false);
    await fast.say('x'.repeat(95_000)).hear('"length":100000');
    for (const client of [slow, fast]) client.socket.destroy();
  });
}

test('a body in chunks of one byte is refused before it costs much', async () => {
  await using server = await listenWith(budgetBytes);
  const client = server.client().say('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
  client.say('1\r\nx\r\n'.repeat(5_000));
  assert.match(await client.hear('\r\n\r\n'), /^HTTP\/1\.1 413 /);
  client.socket.destroy();
  await server.taken(0);
});

test('a body in DATA frames of one byte is refused before it costs much, and its session goes on', async () => {
  await using server = await listenWith(budgetBytes);
  const session = connectHttp2(`http://127.0.0.1:${server.endpoint.port}`);
  const stream = session.request({ ':method': 'POST' }, { endStream: false });
  const answered = once(stream, 'response');
  let refused = false;
  stream.on('error', () => {});
  stream.once('response', () => {
    refused = true;
  });
  // Written one after the other, each is a frame.
  while (!refused) await new Promise<void>((resolve) => stream.write('x', () => resolve()));
  const [headers] = await answered;
  assert.equal(headers[':status'], 413);
  await server.taken(0);
  const next = session.request({ ':method': 'POST' }, { endStream: false });
  next.end('body');
  const [headersOfNext] = await once(next, 'response');
  assert.equal(headersOfNext[':status'], 200);
  next.resume();
  await once(next, 'close');
  session.close();
});

const codeTooLarge =
  /"message":"Request must be smaller than 70167211 bytes for the (CreateFunction|UpdateFunctionCode) operation"/;

test("who sends too large a function's code is told how large it may be, a stranger is not", async () => {
  await using server = await listenWith(budgetBytes);
  const answerTo = async (line: string, more = '') => {
    const length = `Content-Length: ${codeBodyBytesMax + 1}`;
    const client = server.client().say(`${line} HTTP/1.1\r\nHost: x\r\n${more}${length}\r\n\r\n`);
    await client.ended;
    assert.match(client.heard, /^HTTP\/1\.1 413 /);
    return codeTooLarge.exec(client.heard)?.[1];
  };
  const known = 'Known: yes\r\n';
  assert.equal(await answerTo('POST /2015-03-31/functions', known), 'CreateFunction');
  assert.equal(await answerTo('PUT /2015-03-31/functions/f/code', known), 'UpdateFunctionCode');
  assert.equal(await answerTo('POST /2015-03-31/functions'), undefined);
  assert.equal(await answerTo('POST /', known), undefined);
});

test('so is who speaks HTTP/2', async () => {
  await using server = await listenWith(budgetBytes);
  const session = connectHttp2(`http://127.0.0.1:${server.endpoint.port}`);
  const length = { 'content-length': codeBodyBytesMax + 1 };
  const head = { ':method': 'POST', ':path': '/2015-03-31/functions', Known: 'yes', ...length };
  const stream = session.request(head, { endStream: false });
  stream.on('error', () => {});
  const [[headers], body] = await Promise.all([once(stream, 'response'), textOf(stream)]);
  assert.equal(headers[':status'], 413);
  assert.equal(headers['x-amzn-errortype'], 'RequestEntityTooLargeException');
  assert.match(body, codeTooLarge);
  session.close();
});
