import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { silentLogger } from '../../src/env/logger.ts';
import type { Handler } from '../../src/env/network.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { budgetBytes, strangersBytes } from '../../src/http/body.ts';
import { nodeNetwork } from '../../src/http/listener.ts';
import { emptySettings, frame, preface, request, types } from './frames.ts';
import { handTurnedClock } from './hand-turned-clock.ts';
import { echo, listen, RawClient, shareWith } from './raw-client.ts';

/** A listener with room for so many bytes of strangers, whose answers come when the test says so. */
async function listenWith(strangers: number) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const free = budgetBytes - strangersBytes + strangers;
  const share = shareWith(free);
  let calls = 0;
  const handle: Handler = async (request) => {
    calls += 1;
    await released;
    return await echo(request);
  };
  const listening = await nodeNetwork(nodeClock, silentLogger).listen(
    { host: '127.0.0.1', port: 0 },
    handle,
    undefined,
    undefined,
    share,
  );
  const close = () => listening.close();
  const client = () => new RawClient(listening);
  const taken = () => free - Atomics.load(share.freeBytes, 0);
  return { client, taken, release, calls: () => calls, [Symbol.asyncDispose]: close };
}

/** Resolves once it is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

const ways = {
  'plain requests': (target: string) => `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`,
  'requests that are not plain': (target: string) => `PUT ${target} HTTP/1.1\r\nHost: x\r\n\r\n`,
};

for (const [what, text] of Object.entries(ways)) {
  test(`what waits behind a request counts while it waits, and is served: ${what}`, async () => {
    await using server = await listenWith(1_000_000);
    const all = Array.from({ length: 201 }, (_, nth) => text(`/${nth}`));
    const client = server.client().say(all.join(''));
    await until(() => server.calls() === 1);
    await new Promise(setImmediate);
    const taken = server.taken();
    server.release();
    await client.hear('"/200"');
    await until(() => server.taken() === 0);
    client.socket.destroy();
    assert.ok(taken > 1_000, `${taken} bytes`);
  });

  test(`a client that sends much ahead while strangers hold all that they may loses its connection: ${what}`, async () => {
    // One small read of the first fits, one of 64 KiB of the second does not; requests that node:http has
    // made take more.
    await using server = await listenWith(what === 'plain requests' ? 100_000 : 300_000);
    const first = server.client().say(text('/0') + text('/1').repeat(150));
    await until(() => server.taken() > 1_000);
    const second = server.client().say(text('/2') + text('/3').repeat(4_000));
    const modest = server.client().say(text('/4'));
    await until(() => server.calls() === 3);
    server.release();
    await modest.hear('"/4"');
    assert.doesNotMatch(await second.all(), /"\/3"[\s\S]*"\/3"/);
    await first.hear('"/1"');
    for (const { socket } of [first, modest]) socket.destroy();
    await until(() => server.taken() === 0);
  });
}

const chunked = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';

test('a body in small chunks is not read to its end before the others have had a turn', async () => {
  const seen: string[] = [];
  const turn = () => {
    seen.push('turn');
    return nodeClock.turn();
  };
  const handle: Handler = async ({ body }) => {
    seen.push('served');
    return { status: 200, headers: {}, body: String(body.length) };
  };
  await using server = await listen(handle, [], { ...nodeClock, turn });
  const client = new RawClient(server).say(
    `${chunked}${`20\r\n${'x'.repeat(32)}\r\n`.repeat(3_000)}0\r\n\r\n`,
  );
  await client.hear('96000');
  // At most some hundred in each.
  assert.ok(seen.indexOf('served') >= 8, `after ${seen.indexOf('served')} turns`);
  client.socket.destroy();
});

test('what comes after a body was refused is not looked at, and ends after two seconds', async () => {
  const { clock, advance } = handTurnedClock();
  const server = await listen(echo, [], clock);
  const { port, host } = server.endpoint;
  const socket = connect({ port, host, allowHalfOpen: true }).on('error', () => {});
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes;
  });
  socket.write(chunked + '1\r\nx\r\n'.repeat(5_000));
  await until(() => heard.includes('\r\n\r\n'));
  assert.match(heard, /^HTTP\/1\.1 413 /);
  for (let nth = 0; nth < 10; nth++) {
    socket.write('this is no chunk\r\n');
    const other = new RawClient(server).say('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await other.all();
  }
  assert.equal(socket.destroyed, false);
  await advance(3_000);
  const ended = new Promise((resolve) => socket.once('close', resolve));
  const go = setInterval(() => socket.write('x'), 1);
  await ended;
  clearInterval(go);
  await server.close();
});

test('a session over HTTP/2 that says thousands of small frames at once is ended', async () => {
  await using server = await listen(echo);
  const small = frame(types.data, 0, 1, Buffer.from('x'.repeat(20)));
  const client = new RawClient(server).say(
    Buffer.concat([preface, emptySettings, request(1, {}, { endStream: false })]),
  );
  const many = Buffer.concat(Array(4_000).fill(small));
  while (!client.socket.destroyed) {
    client.say(many);
    await new Promise(setImmediate);
  }
});

test('the head of a request over HTTP/2 has as much room as over HTTP/1.1', async () => {
  await using server = await listen(echo);
  const block = (letter: string) =>
    Array.from({ length: 110 }, (_, nth) => [`x-${nth}`, letter.repeat(125)] as const);
  const client = new RawClient(server).say(
    Buffer.concat([preface, emptySettings, request(1, Object.fromEntries(block('a').slice(0, 80)))]),
  );
  await client.hear('"x-79"');
  client.say(request(3, Object.fromEntries(block('b'))));
  client.say(frame(types.ping, 0, 0, Buffer.from('received')));
  await client.hear('received');
  assert.ok(!client.heard.includes('bbbb'));
  client.socket.destroy();
});
