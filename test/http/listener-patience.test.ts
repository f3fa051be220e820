import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import { test } from 'node:test';
import { emptySettings, frame, headerBlock, preface, types } from './frames.ts';
import { handTurnedClock } from './hand-turned-clock.ts';
import { echo, listen, RawClient } from './raw-client.ts';

test('a connection that does not say what it speaks is ended after 10 seconds', async () => {
  const { clock, advance } = handTurnedClock();
  const server = await listen(echo, [], clock);
  const silent = new RawClient(server);
  const undecided = new RawClient(server).say('PRI * HT');
  const decided = new RawClient(server).say('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await decided.hear('"method"');
  await advance(11_000);
  await Promise.all([silent.ended, undecided.ended]);
  decided.say('GET /again HTTP/1.1\r\nHost: x\r\n\r\n');
  await decided.hear('"/again"');
  await server.close();
});

test('an upload over HTTP/2 that brings nothing for 10 seconds is answered 408, and its session goes on', async () => {
  const { clock, advance } = handTurnedClock();
  const server = await listen(echo, [], clock);
  const session = connect(`http://127.0.0.1:${server.endpoint.port}`);
  const stream = session.request({ ':method': 'POST', expect: '100-continue' }, { endStream: false });
  stream.on('error', () => {});
  await once(stream, 'continue');
  const answered = once(stream, 'response');
  await advance(9_000);
  assert.equal(stream.closed, false);
  await advance(2_000);
  const [refusal] = await answered;
  assert.equal(refusal[':status'], 408);
  stream.resume();
  await once(stream, 'close');
  assert.equal(stream.rstCode, constants.NGHTTP2_NO_ERROR);

  const next = session.request({ ':path': '/next' });
  const [headers] = await once(next, 'response');
  assert.equal(headers[':status'], 200);
  next.resume();
  await once(next, 'close');
  await server.close();
});

test('a closing listener waits 10 seconds for what is under way, and no longer', async () => {
  const { clock, advance } = handTurnedClock();
  const { promise: heard, resolve: hear } = Promise.withResolvers<void>();
  const server = await listen(
    () => {
      hear();
      return new Promise(() => {});
    },
    [],
    clock,
  );
  const client = new RawClient(server).say('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await heard;
  let closed = false;
  const closing = server.close().then(() => {
    closed = true;
  });
  for (let look = 0; look < 190; look++) await advance(50);
  assert.equal(closed, false);
  for (let look = 0; look < 20; look++) await advance(50);
  await Promise.all([closing, client.ended]);
});

for (const { name, said } of [
  { name: 'nothing after the first line of its preface', said: preface.subarray(0, 16) },
  { name: 'no request', said: Buffer.concat([preface, emptySettings]) },
  { name: 'no settings', said: preface },
  {
    name: 'a header that does not end',
    said: Buffer.concat([preface, emptySettings, frame(types.headers, 0, 1, headerBlock({}))]),
  },
]) {
  test(`a connection over HTTP/2 that says ${name} is ended after 10 seconds`, async () => {
    const { clock, advance } = handTurnedClock();
    const server = await listen(echo, [], clock);
    const client = new RawClient(server).say(said);
    const neighbour = new RawClient(server).say('GET /seen HTTP/1.1\r\nHost: x\r\n\r\n');
    await neighbour.hear('"/seen"');
    await advance(9_000);
    await settled();
    assert.equal(client.socket.destroyed, false);
    await advance(2_000);
    await client.ended;
    neighbour.socket.destroy();
    await server.close();
  });
}

test('a header over HTTP/2 that goes on and on does not keep its connection', async () => {
  const { clock, advance } = handTurnedClock();
  const server = await listen(echo, [], clock);
  const client = new RawClient(server).say(
    Buffer.concat([preface, emptySettings, frame(types.headers, 0, 1, headerBlock({}))]),
  );
  await settled();
  for (let second = 0; second < 12 && !client.socket.destroyed; second++) {
    // A frame a second, which its own rest follows in the next.
    client.say(
      second % 2 === 0 ? Buffer.of(0, 0, 4, types.continuation, 0) : Buffer.of(0, 0, 0, 1, 0, 1, 0x61, 0),
    );
    await settled();
    await advance(1_000);
  }
  await client.ended;
  await server.close();
});

test('a session that has asked is kept while it is silent', async () => {
  const { clock, advance } = handTurnedClock();
  const server = await listen(echo, [], clock);
  const session = connect(`http://127.0.0.1:${server.endpoint.port}`);
  for (const path of ['/1', '/2']) {
    const stream = session.request({ ':path': path });
    const [headers] = await once(stream, 'response');
    assert.equal(headers[':status'], 200);
    stream.resume();
    await once(stream, 'close');
    await advance(30_000);
  }
  session.destroy();
  await server.close();
});

/** Until what was said has arrived. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
}
